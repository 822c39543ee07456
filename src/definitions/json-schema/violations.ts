import type { ErrorObject } from 'ajv';
import { VIOLATIONS_MAX } from '../../platform/limits.ts';
import { escapeName, escapePath } from './escape-name.ts';
import { mergeBranchErrors } from './branch-errors.ts';

/** One way in which arguments break a schema. Names the place and the rule, never the value. */
export interface Violation {
  /** JSON Pointer into the arguments, `''` for the whole. */
  readonly path: string;
  /** What was expected there, for example `must be integer`. */
  readonly expected: string;
}

/** Values of an `enum` that are named. */
const VALUES_MAX = 10;

/** The compiler's errors as a person or a model reads them, without repetition, at most ten. */
export function toViolations(errors: readonly ErrorObject[]): Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const error of mergeBranchErrors(errors)) {
    const violation = { path: escapePath(error.instancePath), expected: expectedBy(error) };
    const key = `${violation.path}\n${violation.expected}`;
    if (seen.has(key)) continue;
    seen.add(key);
    violations.push(violation);
    if (violations.length >= VIOLATIONS_MAX) break;
  }
  return violations;
}

type Params = Readonly<Record<string, unknown>>;

const EXPECTED: Readonly<Record<string, (error: ErrorObject, params: Params) => string>> = {
  type: ({ schema }) => `must be ${listOf(Array.isArray(schema) ? schema : [schema], String)}`,
  enum: ({ schema }) => `must be one of ${listOf(schema as unknown[], quoteValue)}`,
  const: ({ schema }) => `must be ${quoteValue(schema)}`,
  required: (_error, params) => `must have the member ${quoteName(params['missingProperty'])}`,
  dependentRequired: (_error, params) =>
    `must have the member ${quoteName(params['missingProperty'])} because it has ${quoteName(params['property'])}`,
  additionalProperties: (_error, params) => `unknown member ${quoteName(params['additionalProperty'])}`,
  unevaluatedProperties: (_error, params) => `unknown member ${quoteName(params['unevaluatedProperty'])}`,
  propertyNames: (_error, params) =>
    `has a member whose name is not allowed: ${quoteName(params['propertyName'])}`,
  pattern: ({ schema }) => `must match the pattern ${quoteName(schema)}`,
  minLength: ({ schema }) => `must have at least ${Number(schema)} characters`,
  maxLength: ({ schema }) => `must have at most ${Number(schema)} characters`,
  minItems: ({ schema }) => `must have at least ${Number(schema)} items`,
  maxItems: ({ schema }) => `must have at most ${Number(schema)} items`,
  minProperties: ({ schema }) => `must have at least ${Number(schema)} members`,
  maxProperties: ({ schema }) => `must have at most ${Number(schema)} members`,
  minimum: ({ schema }) => `must be at least ${Number(schema)}`,
  maximum: ({ schema }) => `must be at most ${Number(schema)}`,
  exclusiveMinimum: ({ schema }) => `must be more than ${Number(schema)}`,
  exclusiveMaximum: ({ schema }) => `must be less than ${Number(schema)}`,
  multipleOf: ({ schema }) => `must be a multiple of ${Number(schema)}`,
  uniqueItems: () => 'must not have the same item twice',
  contains: () => 'must have an item of the kind that its schema names in `contains`',
  items: () => 'must not have so many items',
  additionalItems: () => 'must not have so many items',
  unevaluatedItems: () => 'must not have so many items',
  not: () => 'must not be what its schema excludes',
  if: () => 'must match the part of its schema that applies under its condition',
  anyOf: ({ schema }) => `must match one of the ${lengthOf(schema)} alternatives of its schema`,
  oneOf: ({ schema }) => `must match exactly one of the ${lengthOf(schema)} alternatives of its schema`,
  'false schema': () => 'is not allowed',
};

function expectedBy(error: ErrorObject): string {
  const keyword = error.keyword === 'dependencies' ? 'dependentRequired' : error.keyword;
  const describe = Object.hasOwn(EXPECTED, keyword) ? EXPECTED[keyword] : undefined;
  return describe?.(error, error.params) ?? 'must match its schema';
}

function quoteName(name: unknown): string {
  return `\`${escapeName(String(name))}\``;
}

/** A value of the schema, which whoever can call the tool has seen in its definition. */
function quoteValue(value: unknown): string {
  return escapeName(JSON.stringify(value) ?? 'null');
}

function listOf(values: readonly unknown[], show: (value: unknown) => string): string {
  const shown = values.slice(0, VALUES_MAX).map(show);
  if (values.length > shown.length) return `${shown.join(', ')} … (${values.length} in all)`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}

function lengthOf(schema: unknown): number {
  return Array.isArray(schema) ? schema.length : 0;
}
