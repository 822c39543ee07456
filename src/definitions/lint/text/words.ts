import { LINT_TEXT_CHARS_MAX } from '../../../platform/limits.ts';

const WORD = /[\p{L}\p{N}_]+/gu;

/** The words of a text, lower case, cut at `LINT_TEXT_CHARS_MAX` characters. Apostrophes separate: "don't" is `don`, `t`. */
export function wordsOf(text: string): string[] {
  return text.slice(0, LINT_TEXT_CHARS_MAX).toLowerCase().match(WORD) ?? [];
}

/**
 * The words with one space before, between and after. Looking for
 * `' safe to retry '` in it finds the phrase whatever the punctuation, and
 * takes linear time on any text, which a regular expression may not.
 */
export function phraseText(text: string): string {
  const words = wordsOf(text);
  return words.length === 0 ? ' ' : ` ${words.join(' ')} `;
}

/** The first of the phrases that occurs, as whole words. Phrases are lower case with single spaces. */
export function findPhrase(text: string, phrases: readonly string[]): string | undefined {
  return phrases.find((phrase) => text.includes(` ${phrase} `));
}

export function hasPhrase(text: string, phrases: readonly string[]): boolean {
  return findPhrase(text, phrases) !== undefined;
}

const NAME_PART = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[\u0080-\uffff]+/g;

/** The words of a name, lower case: `maxAgeMs`, `max_age_ms` and `max-age-ms` are the same three. */
export function nameWords(name: string): string[] {
  return (name.slice(0, LINT_TEXT_CHARS_MAX).match(NAME_PART) ?? []).map((part) => part.toLowerCase());
}

/** The singular of a word, well enough to compare two. */
export function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us'))
    return word.slice(0, -1);
  return word;
}
