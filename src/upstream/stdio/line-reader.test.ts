import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOwnId } from './find-id.ts';
import { LineReader } from './line-reader.ts';

const LINE_BYTES_MAX = 20;

interface Read {
  readonly lines: string[];
  readonly longLines: number;
}

type Cut = (bytes: Buffer, cuts: readonly number[]) => Buffer[];

function read(chunks: readonly Buffer[]): Read {
  const lines: string[] = [];
  let longLines = 0;
  const reader = new LineReader(
    {
      onLine: (line) => lines.push(line.toString('latin1')),
      onLongLine: () => {
        longLines += 1;
      },
      onDiscard: () => {},
    },
    () => LINE_BYTES_MAX,
  );
  for (const chunk of chunks) reader.push(chunk);
  return { lines, longLines };
}

/** What the lines of a text are, by definition. */
function expected(text: string): Read {
  const all = text.split('\n').slice(0, -1);
  return {
    lines: all.filter((line) => line !== '' && line.length <= LINE_BYTES_MAX),
    longLines: all.filter((line) => line.length > LINE_BYTES_MAX).length,
  };
}

const cutAt: Cut = (bytes, cuts) => {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const bounds = [0, ...places, bytes.length];
  return bounds.slice(1).map((end, i) => bytes.subarray(bounds[i], end));
};

const texts = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.string({ unit: fc.constantFrom('a', '\r', '"', ' '), maxLength: 30, size: 'max' }),
      },
      { weight: 3, arbitrary: fc.constant('\n') },
      { weight: 1, arbitrary: fc.integer({ min: 19, max: 22 }).map((n) => 'b'.repeat(n)) },
    ),
    { maxLength: 30, size: 'max' },
  )
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(), { maxLength: 12, size: 'max' });

function agrees(cut: Cut): (text: string, places: readonly number[]) => boolean {
  return (text, places) => {
    const found = read(cut(Buffer.from(text, 'latin1'), places));
    const wanted = expected(text);
    return JSON.stringify(found) === JSON.stringify(wanted);
  };
}

describe('LineReader', () => {
  it('gives the same lines however the stream is cut', () => {
    fc.assert(fc.property(texts, cuts, agrees(cutAt)), { numRuns: 2_000 });
  });

  it('has a property that a lost byte at a cut would break', () => {
    const losing: Cut = (bytes, places) =>
      cutAt(bytes, places).map((chunk, i) => (i === 0 ? chunk : chunk.subarray(1)));
    expect(fc.check(fc.property(texts, cuts, agrees(losing)), { numRuns: 500 }).failed).toBe(true);
  });

  it('reports the ends of a line that it threw away, and how much that was', () => {
    const seen: string[] = [];
    let discarded = 0;
    const reader = new LineReader(
      {
        onLine: (line) => seen.push(line.toString()),
        onLongLine: (start, end) => seen.push(`${start.toString().slice(0, 5)}…${end.toString().slice(-5)}`),
        onDiscard: (bytes) => {
          discarded = bytes;
        },
      },
      () => 1_000,
    );
    reader.push(Buffer.from('start'));
    for (let i = 0; i < 100; i += 1) reader.push(Buffer.from('x'.repeat(100)));
    reader.push(Buffer.from('finis\nnext\n'));
    expect(seen).toEqual(['start…finis', 'next']);
    expect(discarded).toBe(10_010);
  });
});

describe('findOwnId', () => {
  const find = (text: string): number | undefined => findOwnId(Buffer.from(text), Buffer.from(text));
  it.each([
    ['{"jsonrpc":"2.0","id":7,"result":{"x":"…', 7],
    ['{"id":7,"jsonrpc":"2.0","result":{"x":"…', 7],
    ['…"}],"jsonrpc":"2.0","id":7}', 7],
    ['…"}],"id":7,"jsonrpc":"2.0"}', 7],
    ['{"result":{"id":7,"x":"…', undefined],
    ['{"jsonrpc":"2.0","id":"7","result":', undefined],
    ['Listening on {"id":7}…', undefined],
    ['…"id":7}}', undefined],
  ])('finds the id of %j: %s', (text, id) => {
    expect(find(text)).toBe(id);
  });
});
