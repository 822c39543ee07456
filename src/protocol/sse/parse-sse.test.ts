import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseParser } from './parse-sse.ts';

function parse(chunks: readonly (string | Buffer)[], eventBytesMax = 1_000): string[] | 'too large' {
  const parser = createSseParser({ eventBytesMax });
  const events: string[] = [];
  for (const chunk of chunks) {
    const fed = parser.feed(Buffer.from(chunk as Buffer));
    if (!fed.ok) return 'too large';
    events.push(...fed.events.map((event) => event.toString()));
  }
  return events;
}

describe('server-sent events', () => {
  it.each<[string, string, string[]]>([
    ['one event', 'data: {"a":1}\n\n', ['{"a":1}']],
    ['no space', 'data:x\n\n', ['x']],
    ['only one space is cut', 'data:  x\n\n', [' x']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['mixed line ends', 'data: a\r\n\ndata: b\r\n\rdata: c\n\r\n', ['a', 'b', 'c']],
    ['several lines', 'data: {\ndata:  "a":1\ndata: }\n\n', ['{\n "a":1\n}']],
    ['empty lines of data', 'data\ndata\n\n', ['\n']],
    ['comments', ': keep-alive\n\n:\ndata: a\n: x\n\n', ['a']],
    ['id, retry and unknown fields', 'id: 1\nretry: 10\nfoo: bar\ndata: a\ndatax: b\n\n', ['a']],
    ['event message', 'event: message\ndata: a\n\n', ['a']],
    ['event empty', 'event:\ndata: a\n\n', ['a']],
    ['other event types are skipped, and only they', 'event: ping\ndata: a\n\ndata: b\n\n', ['b']],
    ['priming event without data', 'id: 1\ndata:\n\ndata: a\n\n', ['a']],
    ['BOM', '\ufeffdata: a\n\n', ['a']],
    ['BOM only at the start', 'data: a\n\n\ufeffdata: b\n\n', ['a']],
    ['cut off at the end', 'data: a\n\ndata: b\n', ['a']],
    ['colon in data', 'data: a:b: c\n\n', ['a:b: c']],
    ['NUL and UTF-8 in data', 'data: \u0000ż😀\n\n', ['\u0000ż😀']],
    ['nothing', '', []],
    ['blank lines', '\n\n\n', []],
  ])('%s', (_name, text, events) => {
    expect(parse([text])).toEqual(events);
    expect(parse([...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(events);
  });

  it('does not copy an event that comes in one piece', () => {
    const chunk = Buffer.from('data: {"a":1}\n\n');
    const fed = createSseParser({ eventBytesMax: 100 }).feed(chunk);
    expect(fed.ok && fed.events[0]?.buffer).toBe(chunk.buffer);
  });

  it('keeps events apart that share memory while they are collected', () => {
    const parser = createSseParser({ eventBytesMax: 100 });
    const collected: Buffer[] = [];
    for (const chunk of ['da', 'ta: first\n', '\nda', 'ta: other\n', '\n']) {
      const fed = parser.feed(Buffer.from(chunk));
      if (fed.ok) collected.push(...fed.events);
    }
    expect(collected.map(String)).toEqual(['first', 'other']);
  });

  it('takes an event of the bound and refuses a larger one, in one line, in many, and without an end', () => {
    expect(parse([`data:${'x'.repeat(95)}\n\n`], 100)).toEqual(['x'.repeat(95)]);
    expect(parse([`data:${'x'.repeat(96)}\n\n`], 100)).toBe('too large');
    expect(parse([`data:${'x'.repeat(60)}\ndata:${'x'.repeat(60)}\n\n`], 100)).toBe('too large');
    expect(parse([`data:${'x'.repeat(60)}\ndata:${'x'.repeat(60)}`], 100)).toBe('too large');
    expect(parse(['data:x\n'.repeat(40)], 100)).not.toBe('too large');
    expect(parse(['data:x\n'.repeat(60)], 100)).toBe('too large');
    expect(parse(['data\n'.repeat(1_000)], 100)).toBe('too large');
    expect(
      parse(
        Array.from({ length: 101 }, () => 'x'),
        100,
      ),
    ).toBe('too large');
    expect(parse([`: ${'x'.repeat(200)}`], 100)).toBe('too large');
  });

  it('counts each event for itself, so that a long stream of small ones goes on', () => {
    expect(
      parse(
        Array.from({ length: 500 }, () => 'data: 0123456789\n\n: keep-alive\n\n'),
        100,
      ),
    ).toHaveLength(500);
  });

  it('stays closed after an event that was too large', () => {
    const parser = createSseParser({ eventBytesMax: 10 });
    expect(parser.feed(Buffer.from('data: 0123456789')).ok).toBe(false);
    expect(parser.feed(Buffer.from('\n\ndata: a\n\n'))).toEqual({ ok: false, problem: 'event_too_large' });
  });

  it('refuses a bound that is none', () => {
    for (const eventBytesMax of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1.5]) {
      expect(() => createSseParser({ eventBytesMax })).toThrow(RangeError);
    }
  });

  it('takes a megabyte in single bytes in linear time', () => {
    const parser = createSseParser({ eventBytesMax: 2_000_000 });
    const byte = Buffer.from('x');
    parser.feed(Buffer.from('data:'));
    for (let k = 0; k < 1_000_000; k++) parser.feed(byte);
    const fed = parser.feed(Buffer.from('\n\n'));
    expect(fed.ok && fed.events[0]?.length).toBe(1_000_000);
  });

  const stream = fc
    .array(
      fc
        .oneof(
          {
            weight: 5,
            arbitrary: fc.constantFrom(
              'data: a',
              'data:',
              'data',
              'data: {"x":1}',
              ': c',
              'event: message',
              'event: x',
              'id: 1',
              '\ufeff',
            ),
          },
          { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
        )
        .chain((line) =>
          fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\n\r\n', '\r\r').map((end) => line + end),
        ),
      { maxLength: 12 },
    )
    .map((lines) => lines.join(''));

  function isChunkingInvariant(feed: typeof parse): fc.IPropertyWithHooks<[string, number[]]> {
    return fc.property(
      stream,
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 }),
      (text, sizes) => {
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        for (let at = 0, k = 0; at < bytes.length; k++) {
          const size = sizes[k % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(feed(chunks)).toEqual(feed([bytes]));
      },
    );
  }

  it('finds the same events however the stream is cut', () => {
    fc.assert(isChunkingInvariant(parse), { numRuns: 3_000 });
  });

  it('could fail: a parser that forgets a CR at the end of a chunk is found out', () => {
    const forgetful: typeof parse = (chunks) =>
      parse(chunks.map((chunk) => Buffer.from(chunk.toString().replace(/\r$/, '\n'))));
    expect(fc.check(isChunkingInvariant(forgetful), { numRuns: 5_000 }).failed).toBe(true);
  });

  it('agrees with a line-by-line reading of the standard', () => {
    const reference = (text: string): string[] => {
      const events: string[] = [];
      let data: string[] = [];
      let type = '';
      const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
      lines.pop();
      for (const line of lines) {
        const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        if (line === '') {
          if (data.join('\n') !== '' && (type === '' || type === 'message')) events.push(data.join('\n'));
          data = [];
          type = '';
        } else if (name === 'data') data.push(line.includes(':') ? (value ?? '') : '');
        else if (name === 'event') type = line.includes(':') ? (value ?? '') : '';
      }
      return events;
    };
    fc.assert(
      fc.property(stream, (text) => {
        expect(parse([text])).toEqual(reference(text));
      }),
      { numRuns: 3_000 },
    );
  });
});
