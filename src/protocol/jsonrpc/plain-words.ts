/**
 * Skips over the plain part of a long string four bytes at a time. A string of
 * a megabyte is what makes a result large, and byte by byte it costs about as
 * much as sending it.
 */

/** Below this a view costs more than it saves. */
const BYTES_MIN = 2048;

const WORD_BYTES = 4;
const HIGH_BITS = 0x80808080 | 0;

/** The whole words of a text, and where in it the first one stands. */
export interface Words {
  readonly words: Int32Array;
  readonly start: number;
}

/** Undefined for a short text. */
export function wordsOf(bytes: Buffer): Words | undefined {
  if (bytes.length < BYTES_MIN) return undefined;
  const start = (WORD_BYTES - (bytes.byteOffset % WORD_BYTES)) % WORD_BYTES;
  const count = Math.floor((bytes.length - start) / WORD_BYTES);
  return { words: new Int32Array(bytes.buffer, bytes.byteOffset + start, count), start };
}

/**
 * The offset, at or after `from`, of the first word that holds a quote, a
 * backslash or a control character; the bytes before it are plain. Never
 * beyond the last whole word. The word in which `from` stands is looked at
 * whole, which is right where the bytes before it are plain, and else only
 * stops too early.
 */
export function skipPlain({ words, start }: Words, from: number): number {
  if (from < start) return from;
  let index = (from - start) >>> 2;
  while (index < words.length && !hasSpecial(words[index] as number)) index += 1;
  return Math.max(from, start + index * WORD_BYTES);
}

/**
 * Whether any byte of a word is below 0x20, `"` or `\`: a byte less than n
 * borrows into its own high bit when n is taken from it, and no byte does so
 * wrongly unless one below it has done so rightly.
 */
function hasSpecial(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const found =
    ((word - 0x20202020) & ~word) | ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash);
  return (found & HIGH_BITS) !== 0;
}
