import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';

/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32): a failure that cannot be repeated is no use. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const DEPTH_MAX = 6;
const CHARS_MAX = 64;
const ITEMS_MAX = 4;

/** Text that breaks what was only tried with words. */
const AWKWARD: readonly string[] = [
  '',
  ' ',
  '0',
  'null',
  "'; --",
  '../..',
  '<b>',
  '😀',
  'ﷺ',
  '\u0000',
  'a\nb',
  '__proto__',
  '%00',
  'x'.repeat(CHARS_MAX),
];

/**
 * Makes a value that is meant to match a JSON Schema, favouring its edges.
 * `pattern` and rules across members are not understood, so the caller checks
 * the value before it uses it.
 */
export function generateValue(schema: JsonValue | undefined, random: Random, root?: JsonObject): JsonValue {
  return new Generator(random, root ?? (isJsonObject(schema) ? schema : {})).value(schema, 0);
}

class Generator {
  readonly #random: Random;
  readonly #root: JsonObject;

  constructor(random: Random, root: JsonObject) {
    this.#random = random;
    this.#root = root;
  }

  value(schema: JsonValue | undefined, depth: number): JsonValue {
    if (!isJsonObject(schema) || depth > DEPTH_MAX) return this.#any();
    const {
      const: fixed,
      enum: values,
      examples,
      default: preset,
    } = schema as Record<string, JsonValue | undefined>;
    if (fixed !== undefined) return fixed;
    if (Array.isArray(values) && values.length > 0) return this.#pick(values);
    const given = [...(Array.isArray(examples) ? examples : []), ...(preset === undefined ? [] : [preset])];
    if (given.length > 0 && this.#random() < 0.2) return this.#pick(given);
    const branches = schema['anyOf'] ?? schema['oneOf'];
    if (Array.isArray(branches) && branches.length > 0) return this.value(this.#pick(branches), depth + 1);
    if (typeof schema['$ref'] === 'string') return this.value(this.#resolve(schema['$ref']), depth + 1);
    const type = schema['type'];
    return this.#ofType(Array.isArray(type) ? this.#pick(type) : type, schema, depth);
  }

  #ofType(type: JsonValue | undefined, schema: JsonObject, depth: number): JsonValue {
    switch (type) {
      case 'string':
        return this.#text(schema);
      case 'integer':
        return this.#number(schema, true);
      case 'number':
        return this.#number(schema, false);
      case 'boolean':
        return this.#random() < 0.5;
      case 'null':
        return null;
      case 'array':
        return this.#array(schema, depth);
      case 'object':
        return this.#object(schema, depth);
      default:
        return 'properties' in schema ? this.#object(schema, depth) : this.#any();
    }
  }

  #text(schema: JsonObject): string {
    const form = FORMATS[String(schema['format'])];
    if (form !== undefined) return form;
    const min = numberOr(schema['minLength'], 0);
    const max = Math.min(numberOr(schema['maxLength'], CHARS_MAX), Math.max(min, CHARS_MAX));
    if (this.#random() < 0.4) {
      const fitting = AWKWARD.filter((text) => text.length >= min && text.length <= max);
      if (fitting.length > 0) return this.#pick(fitting);
    }
    const length = this.#edge(min, max, true);
    return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(this.#random() * 26))).join('');
  }

  #number(schema: JsonObject, isWhole: boolean): number {
    const open = isWhole ? 1 : 1e-3;
    const low = numberOr(schema['minimum'], numberOr(schema['exclusiveMinimum'], -1_000 - open) + open);
    const high = numberOr(
      schema['maximum'],
      numberOr(schema['exclusiveMaximum'], Math.max(low, 1_000) + open) - open,
    );
    const value = this.#edge(low, high, isWhole);
    const step = numberOr(schema['multipleOf'], 0);
    return step > 0 ? Math.ceil(value / step) * step : value;
  }

  #array(schema: JsonObject, depth: number): JsonValue[] {
    const min = numberOr(schema['minItems'], 0);
    const length = this.#edge(
      min,
      Math.min(numberOr(schema['maxItems'], ITEMS_MAX), Math.max(min, ITEMS_MAX)),
      true,
    );
    return Array.from({ length }, () => this.value(schema['items'], depth + 1));
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const made: JsonObject = {};
    for (const [name, property] of Object.entries(properties)) {
      if (required.includes(name) || this.#random() < 0.5) made[name] = this.value(property, depth + 1);
    }
    return made;
  }

  #edge(low: number, high: number, isWhole: boolean): number {
    const place = this.#random();
    if (place < 0.2) return low;
    if (place < 0.4) return high;
    const value = low + this.#random() * (high - low);
    return isWhole ? Math.min(high, Math.max(low, Math.round(value))) : value;
  }

  #any(): JsonValue {
    return this.#pick<JsonValue>([null, true, 0, -1, 'text', [], {}]);
  }

  #pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)] as T;
  }

  #resolve(reference: string): JsonValue | undefined {
    let at: JsonValue | undefined = this.#root;
    for (const name of reference.split('/').slice(1)) at = isJsonObject(at) ? at[name] : undefined;
    return at;
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-02-28T23:59:59Z',
  date: '2024-02-29',
  time: '00:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/a?b=c',
  uuid: '0190f3a0-0000-7000-8000-000000000000',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
};

function numberOr(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
