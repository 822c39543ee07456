import type { JsonValue } from '../../platform/json.ts';

interface FieldBase {
  readonly description: string;
  readonly required?: true;
}

/** One member of a body or one parameter of a query. */
export type Field = FieldBase &
  (
    | {
        readonly type: 'string';
        readonly charsMax: number;
        /** `instant`: RFC 3339 with an offset. `cursor`: as the page before gave it. */
        readonly format?: 'uuid' | 'instant' | 'cursor';
        readonly values?: readonly string[];
      }
    | { readonly type: 'integer'; readonly min: number; readonly max: number }
    | {
        readonly type: 'list';
        readonly itemsMin: number;
        readonly itemsMax: number;
        readonly charsMax: number;
        readonly values?: readonly string[];
      }
  );

export type Shape = Readonly<Record<string, Field>>;

/** The members that were sent, each proven to be what its field says. */
export type Values = Readonly<Record<string, JsonValue | undefined>>;

export interface Violation {
  readonly path: string;
  readonly expected: string;
}

export type Checked =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly problem: 'unknown' | 'value'; readonly violations: readonly Violation[] };

/** Violations of one answer. A body with a thousand mistakes needs no list of them. */
const VIOLATIONS_MAX = 20;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

/** Holds `value` against `shape`: nothing else than the named members, each as its field says. `null` is absent. */
export function checkShape(shape: Shape, value: Readonly<Record<string, unknown>>): Checked {
  const unknown: Violation[] = [];
  for (const name of Object.keys(value)) {
    // The name is the caller's own text; a long one is cut, not echoed in full.
    if (!Object.hasOwn(shape, name)) unknown.push({ path: name.slice(0, 64), expected: 'no such member' });
  }
  if (unknown.length > 0) {
    return { ok: false, problem: 'unknown', violations: unknown.slice(0, VIOLATIONS_MAX) };
  }
  const values: Record<string, JsonValue | undefined> = {};
  const violations: Violation[] = [];
  for (const [name, field] of Object.entries(shape)) {
    const given = value[name];
    if (given === undefined || given === null) {
      if (field.required === true) violations.push({ path: name, expected: expectationOf(field) });
    } else if (fits(field, given)) {
      values[name] = given as JsonValue;
    } else {
      violations.push({ path: name, expected: expectationOf(field) });
    }
  }
  return violations.length === 0
    ? { ok: true, values }
    : { ok: false, problem: 'value', violations: violations.slice(0, VIOLATIONS_MAX) };
}

function fits(field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'integer':
      return Number.isInteger(value) && (value as number) >= field.min && (value as number) <= field.max;
    case 'list':
      return (
        Array.isArray(value) &&
        value.length >= field.itemsMin &&
        value.length <= field.itemsMax &&
        new Set(value).size === value.length &&
        value.every((item) => isText(item, field))
      );
    case 'string':
      return isText(value, field) && hasFormat(value as string, field.format);
  }
}

function isText(value: unknown, field: { charsMax: number; values?: readonly string[] }): boolean {
  if (typeof value !== 'string' || value === '' || value.length > field.charsMax) return false;
  // A NUL cannot be stored, and half a surrogate pair cannot be sent back.
  if (value.includes('\0') || !value.isWellFormed()) return false;
  return field.values === undefined || field.values.includes(value);
}

function hasFormat(value: string, format: 'uuid' | 'instant' | 'cursor' | undefined): boolean {
  if (format === 'uuid') return UUID.test(value);
  if (format === 'instant') return INSTANT.test(value) && !Number.isNaN(Date.parse(value));
  if (format === 'cursor') return /^[A-Za-z0-9_-]+$/.test(value);
  return true;
}

/** In words, for `violations` and the reference page. */
export function expectationOf(field: Field): string {
  switch (field.type) {
    case 'integer':
      return `an integer from ${String(field.min)} to ${String(field.max)}`;
    case 'list': {
      const what = field.values === undefined ? 'strings' : `of ${field.values.join(', ')}`;
      return `a list of ${String(field.itemsMin)} to ${String(field.itemsMax)} ${what}, each once`;
    }
    case 'string':
      if (field.values !== undefined) return `one of ${field.values.join(', ')}`;
      if (field.format === 'uuid') return 'a UUID';
      if (field.format === 'instant') return 'an instant like 2030-01-31T12:00:00Z';
      if (field.format === 'cursor') return 'the `next` of the page before';
      return `a string of 1 to ${String(field.charsMax)} characters`;
  }
}
