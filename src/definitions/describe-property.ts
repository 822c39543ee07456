import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';

/** Values of an enumeration that are spelled out. More cost tokens on every list and stay in the schema. */
const ENUM_VALUES_SHOWN_MAX = 20;

/**
 * Copies a closed schema with what its keywords say written into the
 * descriptions as well, where the author has not: several clients drop
 * `minimum`, `default` or `enum` before the model sees the schema, and the
 * model then guesses.
 */
export function describeMembers(schema: JsonObject): JsonObject {
  const described: JsonObject = { ...schema };
  for (const keyword of ['properties', '$defs', 'patternProperties'] as const) {
    const members = schema[keyword];
    if (isJsonObject(members)) described[keyword] = describeMap(members, keyword === 'properties');
  }
  for (const keyword of ['items', 'additionalProperties'] as const) {
    const member = schema[keyword];
    if (isJsonObject(member)) described[keyword] = describeMembers(member);
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const) {
    const members = schema[keyword];
    if (Array.isArray(members))
      described[keyword] = members.map((m) => (isJsonObject(m) ? describeMembers(m) : m));
  }
  return described;
}

function describeMap(members: JsonObject, areProperties: boolean): JsonObject {
  const described: JsonObject = {};
  for (const [name, member] of Object.entries(members)) {
    if (!isJsonObject(member)) described[name] = member;
    else
      described[name] = areProperties
        ? describeProperty(name, describeMembers(member))
        : describeMembers(member);
  }
  return described;
}

function describeProperty(name: string, schema: JsonObject): JsonObject {
  const written = typeof schema['description'] === 'string' ? schema['description'].trim() : '';
  const facts = factsOf(name, schema).filter(({ isSaidIn }) => !isSaidIn(written));
  if (facts.length === 0) return schema;
  const sentences = facts.map(({ sentence }) => sentence).join(' ');
  const description =
    written === '' ? sentences : `${written}${/[.!?…]$/.test(written) ? '' : '.'} ${sentences}`;
  return { ...schema, description };
}

interface Fact {
  readonly sentence: string;
  /** The author's own text says it already. */
  readonly isSaidIn: (text: string) => boolean;
}

function factsOf(name: string, property: JsonObject): Fact[] {
  const schema = withoutNull(property);
  return [
    unitFact(name, schema),
    enumFact(schema),
    rangeFact(schema),
    sizeFact(schema),
    defaultFact(property, schema),
  ].filter((fact) => fact !== undefined);
}

/** `anyOf: [X, null]`, which libraries write for an optional X, reads as X. */
function withoutNull(schema: JsonObject): JsonObject {
  const branches = schema['anyOf'];
  if (!Array.isArray(branches)) return schema;
  const others = branches.filter((branch) => isJsonObject(branch) && branch['type'] !== 'null');
  return others.length === 1 && isJsonObject(others[0]) ? others[0] : schema;
}

const UNITS: readonly (readonly [RegExp, string, RegExp])[] = [
  [/(?:_ms|Ms|_millis|_milliseconds|Milliseconds)$/, 'milliseconds', /\bmilliseconds?\b|\bms\b/i],
  [/(?:_s|_sec|_secs|_seconds|Seconds|Secs)$/, 'seconds', /\bseconds?\b/i],
  [/(?:_mins|_minutes|Minutes)$/, 'minutes', /\bminutes?\b/i],
  [/(?:_hours|Hours)$/, 'hours', /\bhours?\b/i],
  [/(?:_days|Days)$/, 'days', /\bdays?\b/i],
  [/(?:_bytes|Bytes)$/, 'bytes', /\bbytes?\b/i],
  [/(?:_kib|KiB)$/, 'KiB', /\bKiB\b/i],
  [/(?:_mib|MiB)$/, 'MiB', /\bMiB\b/i],
  [/(?:_px|Px|_pixels|Pixels)$/, 'pixels', /\bpixels?\b|\bpx\b/i],
  [/(?:_pct|_percent|Percent|Pct)$/, 'percent', /\bpercent|%/i],
  [/(?:_cents|Cents)$/, 'cents', /\bcents?\b/i],
  [/(?:_usd|Usd|USD)$/, 'US dollars', /\bdollars?\b|\bUSD\b|\$/i],
  [/(?:_eur|Eur|EUR)$/, 'euros', /\beuros?\b|\bEUR\b|€/i],
];

function unitFact(name: string, schema: JsonObject): Fact | undefined {
  if (!isNumeric(schema)) return undefined;
  const unit = UNITS.find(([suffix]) => suffix.test(name));
  return unit === undefined
    ? undefined
    : { sentence: `In ${unit[1]}.`, isSaidIn: (text) => unit[2].test(text) };
}

function isNumeric(schema: JsonObject): boolean {
  return schema['type'] === 'number' || schema['type'] === 'integer';
}

function enumFact(schema: JsonObject): Fact | undefined {
  const items = schema['items'];
  const holder = schema['type'] === 'array' && isJsonObject(items) ? items : schema;
  const values = holder['enum'];
  if (!Array.isArray(values) || values.length === 0 || values.length > ENUM_VALUES_SHOWN_MAX)
    return undefined;
  const shown = values.map(show);
  const sentence = holder === schema ? `One of: ${shown.join(', ')}.` : `Each one of: ${shown.join(', ')}.`;
  return { sentence, isSaidIn: (text) => shown.every((value) => hasWord(text, value)) };
}

function rangeFact(schema: JsonObject): Fact | undefined {
  if (!isNumeric(schema)) return undefined;
  const low = bound(schema, 'minimum', 'exclusiveMinimum');
  const high = bound(schema, 'maximum', 'exclusiveMaximum');
  if (low === undefined && high === undefined) return undefined;
  const isSaidIn = (text: string): boolean =>
    (low === undefined || hasWord(text, String(low.value))) &&
    (high === undefined || hasWord(text, String(high.value)));
  const above =
    low === undefined ? '' : low.isOpen ? `more than ${String(low.value)}` : `at least ${String(low.value)}`;
  const below =
    high === undefined
      ? ''
      : high.isOpen
        ? `less than ${String(high.value)}`
        : `at most ${String(high.value)}`;
  if (low !== undefined && high !== undefined && !low.isOpen && !high.isOpen) {
    return { sentence: `From ${String(low.value)} to ${String(high.value)}.`, isSaidIn };
  }
  return { sentence: sentenceOf([above, below].filter((part) => part !== '').join(' and ')), isSaidIn };
}

interface Bound {
  readonly value: number;
  readonly isOpen: boolean;
}

function bound(schema: JsonObject, closed: string, open: string): Bound | undefined {
  const isOpen = typeof schema[open] === 'number';
  const value = isOpen ? schema[open] : schema[closed];
  // The limits of the number type itself, which libraries write for "any integer", are no range.
  if (typeof value !== 'number' || Math.abs(value) >= Number.MAX_SAFE_INTEGER) return undefined;
  return { value, isOpen };
}

function sizeFact(schema: JsonObject): Fact | undefined {
  const [min, max, what] =
    schema['type'] === 'array'
      ? ['minItems', 'maxItems', 'items']
      : schema['type'] === 'string'
        ? ['minLength', 'maxLength', 'characters']
        : [];
  if (min === undefined || max === undefined || what === undefined) return undefined;
  const low = schema[min];
  const high = schema[max];
  const parts: string[] = [];
  // "At least 1 character" is what everybody assumes.
  if (typeof low === 'number' && low > 1) parts.push(`at least ${String(low)}`);
  if (typeof high === 'number' && high < Number.MAX_SAFE_INTEGER) parts.push(`at most ${String(high)}`);
  if (parts.length === 0) return undefined;
  const sentence =
    low === high && typeof low === 'number'
      ? `Exactly ${String(low)} ${what}.`
      : sentenceOf(`${parts.join(' and ')} ${what}`);
  return {
    sentence,
    isSaidIn: (text) => [low, high].every((n) => typeof n !== 'number' || n <= 1 || hasWord(text, String(n))),
  };
}

function defaultFact(property: JsonObject, schema: JsonObject): Fact | undefined {
  const value = property['default'] === undefined ? schema['default'] : property['default'];
  if (value === undefined) return undefined;
  const shown = show(value);
  // A long default is an example; the schema has it.
  if (shown.length > 80) return undefined;
  return { sentence: `Default ${shown}.`, isSaidIn: (text) => /\bdefaults?\b/i.test(text) };
}

function show(value: JsonValue): string {
  if (typeof value === 'string' && /^[\w.:/@+-]{1,64}$/.test(value)) return value;
  return JSON.stringify(value);
}

/** As a word of its own: 1 does not stand in 100, nor `open` in `reopened`. */
function hasWord(text: string, word: string): boolean {
  let at = text.indexOf(word);
  while (at !== -1) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    if (!/[\p{L}\p{N}_]/u.test(before) && !/[\p{L}\p{N}_]/u.test(after)) return true;
    at = text.indexOf(word, at + 1);
  }
  return false;
}

function sentenceOf(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
