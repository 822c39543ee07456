/** Characters of scripts that write a word with one or two of them. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Length of a text in characters of an alphabetic script; those of denser scripts count three times. */
export function textLength(text: string): number {
  const trimmed = text.trim();
  return trimmed.length + 2 * (trimmed.match(DENSE)?.length ?? 0);
}

/** Below it a description is too short whatever it says; other rules then keep still about what it leaves out. */
export const DESCRIPTION_CHARS_MIN = 50;
