/** Words that say nothing about what a tool is for. */
const GENERIC: ReadonlySet<string> = new Set(
  (
    'tool tools run execute exec process do it this that my helper helpers call action main function func util utils ' +
    'misc perform invoke operation thing stuff work handle handler request go start new generic default entry make use'
  ).split(' '),
);

/** True for names such as `tool_1`, `run` and `do_it`. */
export function isGenericName(words: readonly string[]): boolean {
  return words.length > 0 && words.every((word) => GENERIC.has(word) || /^[0-9]+$/.test(word));
}

export type CaseStyle = 'snake' | 'kebab' | 'camel' | 'Pascal';

/** The style of a name of several words; undefined for one word, and for a mixture. */
export function caseStyle(name: string): CaseStyle | undefined {
  const hasCapitalInside = /[a-z0-9][A-Z]/.test(name);
  const hasUnderscore = name.includes('_');
  const hasHyphen = name.includes('-');
  if (hasUnderscore && !hasHyphen && name === name.toLowerCase()) return 'snake';
  if (hasHyphen && !hasUnderscore && name === name.toLowerCase()) return 'kebab';
  if (!hasCapitalInside || hasHyphen || hasUnderscore) return undefined;
  return /^[a-z]/.test(name) ? 'camel' : 'Pascal';
}

/** The value that occurs most; the first of several. Undefined values are not counted. */
export function mostCommon<T extends string>(values: readonly (T | undefined)[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | undefined;
  let bestCount = 0;
  for (const [value, count] of counts) {
    if (count <= bestCount) continue;
    best = value;
    bestCount = count;
  }
  return best;
}
