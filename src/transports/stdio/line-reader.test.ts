import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLines } from './line-reader.ts';

async function read(
  chunks: readonly string[],
  lineBytesMax = 100,
): Promise<{ lines: string[]; tooLong: number }> {
  const stream = new PassThrough();
  const lines: string[] = [];
  let tooLong = 0;
  const ended = new Promise<void>((resolve) => {
    readLines(stream, {
      lineBytesMax,
      onLine: (line) => lines.push(line.toString('utf8')),
      onTooLong: () => {
        tooLong += 1;
      },
      onEnd: resolve,
    });
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await ended;
  return { lines, tooLong };
}

describe('readLines', () => {
  it('finds the same lines however the bytes are cut', async () => {
    const text = '{"a":1}\n\n{"b":"é"}\r\n{"c":3}\n';
    const whole = await read([text]);
    expect(whole.lines).toEqual(['{"a":1}', '{"b":"é"}\r', '{"c":3}']);
    const bytes = Buffer.from(text);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const stream = new PassThrough();
      const lines: string[] = [];
      const ended = new Promise<void>((resolve) => {
        readLines(stream, {
          lineBytesMax: 100,
          onLine: (line) => lines.push(line.toString('utf8')),
          onTooLong: () => {},
          onEnd: resolve,
        });
      });
      stream.write(bytes.subarray(0, cut));
      stream.write(bytes.subarray(cut));
      stream.end();
      await ended;
      expect(lines).toEqual(whole.lines);
    }
  });

  it('drops a line that is too long and goes on with the next', async () => {
    const { lines, tooLong } = await read(['x'.repeat(60), 'x'.repeat(60), 'x'.repeat(60), '\nshort\n']);
    expect(lines).toEqual(['short']);
    expect(tooLong).toBe(1);
  });

  it('takes a line of exactly the limit', async () => {
    const { lines, tooLong } = await read([`${'x'.repeat(100)}\n${'y'.repeat(101)}\n`]);
    expect(lines).toEqual(['x'.repeat(100)]);
    expect(tooLong).toBe(1);
  });

  it('drops a message that the end of the stream cut off', async () => {
    expect((await read(['{"a":1}\n{"b":'])).lines).toEqual(['{"a":1}']);
  });
});
