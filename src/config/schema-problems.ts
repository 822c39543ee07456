import { z } from 'zod';
import type { JsonObject } from '../platform/json.ts';
import { isJsonObject } from '../platform/json.ts';
import { suggestKey } from './dialects.ts';
import type { JsonPath } from './json-source.ts';
import { formatPath } from './json-source.ts';
import type { Mistake } from './report.ts';
import { describeFound } from './report.ts';

/** A mistake and its place in the value that was checked. */
export interface PlacedMistake {
  readonly path: JsonPath;
  readonly mistake: Mistake;
}

export type CheckResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly mistakes: readonly PlacedMistake[] };

/** Checks a value and fills in defaults; all mistakes at once, none of them showing a string of the value. */
export function checkAgainst<Value>(schema: z.ZodType<Value>, value: unknown): CheckResult<Value> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  // An integer beyond the safe range breaks two maxima; the later one is the setting's own.
  const issues = new Map(
    result.error.issues.map((issue) => [`${issue.code} ${formatPath(issue.path.map(toStep))}`, issue]),
  );
  return {
    ok: false,
    mistakes: [...issues.values()].flatMap((issue) => placedMistakes(schema, value, issue)),
  };
}

/** JSON has no symbols; the type of an issue's path does. */
function toStep(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? String(step) : step;
}

function placedMistakes(schema: z.ZodType, root: unknown, issue: z.core.$ZodIssue): PlacedMistake[] {
  const path = issue.path.map(toStep);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], mistake: unknownKey(key, known) }));
  }
  const own: unknown = issue.code === 'custom' ? issue.params?.['mistake'] : undefined;
  if (isMistake(own)) return [{ path, mistake: own }];
  const value = valueAt(root, path);
  const isLimit = path.includes('limits');
  if (issue.code === 'invalid_key') {
    return [
      { path, mistake: { expected: issue.issues[0]?.message ?? 'another name', found: 'another name' } },
    ];
  }
  const found = describeFound(value, isLimit);
  const expected = expectedText(issue);
  const isPattern = issue.code === 'invalid_format' || issue.code === 'invalid_value';
  const hint = isLimit ? limitHint(issue) : undefined;
  return [
    {
      path,
      mistake: { expected, found: isPattern && found === 'a string' ? 'another string' : found, hint },
    },
  ];
}

/** A check of ours that ran inside the schema brings its own description. */
function isMistake(value: unknown): value is Mistake {
  return typeof value === 'object' && value !== null && 'expected' in value && 'found' in value;
}

function unknownKey(key: string, known: readonly string[]): Mistake {
  const suggestion = suggestKey(key, known);
  return {
    expected: known.length === 0 ? 'no such key' : `one of the keys ${known.join(', ')}`,
    found: 'an unknown key',
    hint: suggestion === undefined ? undefined : `did you mean ${suggestion}?`,
  };
}

function limitHint(issue: z.core.$ZodIssue): string | undefined {
  return issue.code === 'too_small'
    ? 'a limit cannot be switched off; leave it out for the default'
    : undefined;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: 'an integer',
  number: 'an integer',
  string: 'a string',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
};

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'too_small':
      return issue.origin === 'string' ? 'a string that is not empty' : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}${SIZE_UNITS[issue.origin] ?? ''}`;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    default:
      // Patterns and refinements carry their own wording in the schema.
      return issue.message;
  }
}

const SIZE_UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

function valueAt(root: unknown, path: JsonPath): unknown {
  let value: unknown = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Keys that the schema knows at a path, read from its JSON Schema so that there is no second list. */
function knownKeysAt(schema: z.ZodType, path: JsonPath): readonly string[] {
  let node: unknown = z.toJSONSchema(schema, { io: 'input' });
  for (const step of path) {
    if (!isJsonObject(node)) return [];
    const { properties } = node;
    const named: unknown = isJsonObject(properties) ? properties[step] : undefined;
    node = named ?? (typeof step === 'number' ? node['items'] : node['additionalProperties']);
  }
  const properties: JsonObject | undefined =
    isJsonObject(node) && isJsonObject(node['properties']) ? node['properties'] : undefined;
  return Object.keys(properties ?? {}).filter((key) => key !== '$schema');
}
