import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skipPlain, wordsOf } from './plain-words.ts';

/** The first byte at or after `from` that ends a plain run, found the slow way. */
function firstSpecial(bytes: Buffer, from: number): number {
  const found = bytes.subarray(from).findIndex((byte) => byte < 0x20 || byte === 0x22 || byte === 0x5c);
  return found === -1 ? bytes.length : from + found;
}

describe('skipPlain', () => {
  it('stops in the word of the first special byte, for every byte value at every place of a word', () => {
    for (let value = 0; value < 256; value += 1) {
      for (let place = 2048; place < 2056; place += 1) {
        const bytes = Buffer.alloc(4096, 0x61);
        bytes[place] = value;
        const words = wordsOf(bytes);
        if (words === undefined) throw new Error('the text is long enough');
        const special = firstSpecial(bytes, 0);
        const stopped = skipPlain(words, 0);
        if (special === bytes.length) expect(stopped).toBe(bytes.length);
        else expect([special - stopped >= 0, special - stopped < 4]).toEqual([true, true]);
      }
    }
  });

  it('never passes a special byte, wherever the text begins in its memory', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 2100, maxLength: 4000, size: 'max' }),
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 2000 }),
        (content, shift, from) => {
          const memory = Buffer.alloc(content.length + shift);
          memory.set(content, shift);
          const bytes = memory.subarray(shift);
          const words = wordsOf(bytes);
          if (words === undefined) return false;
          const stopped = skipPlain(words, from);
          return stopped >= from && stopped <= Math.max(from, firstSpecial(bytes, from));
        },
      ),
    );
  });

  it('leaves short texts alone', () => {
    expect(wordsOf(Buffer.alloc(2047))).toBeUndefined();
  });
});
