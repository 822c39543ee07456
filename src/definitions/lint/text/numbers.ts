/** Numbers that a schema generator writes where there is no bound. */
const NO_BOUNDS: ReadonlySet<number> = new Set([
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2_147_483_647,
  -2_147_483_648,
  Number.MAX_VALUE,
]);

/** The number as text; undefined when it bounds nothing. */
export function shownNumber(value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || NO_BOUNDS.has(value)) return undefined;
  return String(value);
}

/** True when a text contains the number: `1000` also as `1,000`, `1_000` or `1 000`. */
export function mentionsNumber(text: string, number: string): boolean {
  const plain = text.replace(/(?<=[0-9])[,_\u00a0\u202f '](?=[0-9]{3})/g, '');
  let at = plain.indexOf(number);
  while (at !== -1) {
    const before = plain.charAt(at - 1);
    const after = plain.charAt(at + number.length);
    // `10` in `100` or `2.10` is another number; a full stop may end the sentence.
    const isPart = /[0-9.]/.test(before) || /[0-9]/.test(after);
    if (!isPart) return true;
    at = plain.indexOf(number, at + 1);
  }
  return false;
}

/** Appends a sentence to a description. */
export function appendSentence(description: string, sentence: string): string {
  const trimmed = description.trimEnd();
  if (trimmed === '') return sentence;
  return /[.!?]$/.test(trimmed) ? `${trimmed} ${sentence}` : `${trimmed}. ${sentence}`;
}
