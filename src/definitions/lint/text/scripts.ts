/** Scripts of natural languages that descriptions are written in. */
const SCRIPTS: readonly (readonly [name: string, letters: RegExp])[] = [
  ['Latin', /\p{Script=Latin}/gu],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Greek', /\p{Script=Greek}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Thai', /\p{Script=Thai}/gu],
  ['Hangul', /\p{Script=Hangul}/gu],
  ['Chinese or Japanese', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu],
];

/** Letters from which on a script counts as a language and not as a name or a formula. */
const LETTERS_MIN = 20;

/** The scripts in which a text has at least 20 letters, the most frequent first. */
export function scriptsOf(text: string): string[] {
  const counts = SCRIPTS.map(([name, letters]): [string, number] => [name, text.match(letters)?.length ?? 0]);
  return counts
    .filter(([, count]) => count >= LETTERS_MIN)
    .sort((a, b) => b[1] - a[1])
    .map(([name]) => name);
}
