/** Words after which a list of values follows. */
const MARKERS = [
  'one of:',
  'one of ',
  'either ',
  'must be one of',
  'allowed values:',
  'allowed values are',
  'valid values:',
  'valid values are',
  'possible values:',
  'possible values are',
  'accepted values:',
  'supported values:',
  'options:',
  'options are',
  'choices:',
  'can be: ',
  'values: ',
] as const;

/** Characters after the marker that are read. */
const LIST_CHARS_MAX = 300;
const VALUES_MAX = 50;

/** One value: a short word of code, in quotation marks or without. */
const VALUE = /^["'`]?([A-Za-z0-9][A-Za-z0-9_.+-]{0,39})["'`]?$/;

/** Words that stand before the last value. */
const LAST = /^(?:or|and) /;

/**
 * The values that a description lists in prose: `one of open, closed or all`.
 * Undefined unless at least two follow each other; what cannot be taken for a
 * value ends the list.
 */
export function listedValues(description: string): string[] | undefined {
  const lower = description.toLowerCase();
  for (const marker of MARKERS) {
    const at = lower.indexOf(marker);
    if (at === -1) continue;
    const values = valuesIn(description.slice(at + marker.length, at + marker.length + LIST_CHARS_MAX));
    if (values.length >= 2) return values;
  }
  return undefined;
}

function valuesIn(text: string): string[] {
  // The list ends with its sentence; a full stop inside a value has no space after it.
  const end = text.search(/[.;)\]](?:\s|$)|\n\n/);
  const list = (end === -1 ? text : text.slice(0, end)).replace(/^[\s:([]+/, '');
  const values: string[] = [];
  for (const piece of list.split(/[,|\n]| or /).slice(0, VALUES_MAX)) {
    const trimmed = piece
      .trim()
      .replace(LAST, '')
      .replace(/^[-*•]\s?/, '');
    // `asc (oldest first)` is the value and its explanation.
    const word = /^[^\s(:=]{1,42}/.exec(trimmed)?.[0] ?? '';
    const rest = trimmed.slice(word.length).trim();
    const value = VALUE.exec(word)?.[1];
    if (value === undefined || !(rest === '' || /^[(:=–-]/.test(rest))) {
      if (trimmed === '') continue;
      break;
    }
    values.push(value);
  }
  return [...new Set(values)];
}
