import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';
import { VIOLATIONS_MAX } from '../platform/limits.ts';
import { closeObjects } from './close-objects.ts';
import { DefinitionError } from './definition-error.ts';
import { fillDefaults } from './fill-defaults.ts';
import { compileSchema, escapeName, type Violation } from './json-schema/index.ts';
import { isStandardSchema, type StandardIssue, type StandardSchema } from './standard-schema.ts';

/** A value that passed a schema, or where it did not. */
export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly violations: readonly Violation[] };

/** A schema as the runtime uses it, whatever it was written in. */
export interface AdaptedSchema {
  /** What is advertised, and enforced. JSON Schema 2020-12, every object closed or open on purpose. */
  readonly jsonSchema: JsonObject;
  /** Checks against `jsonSchema`. Compiled at the first use and kept; throws DefinitionError when that is impossible. */
  check(value: JsonObject): readonly Violation[];
  /** Fills defaults, and runs the library's own rules and transformations. For values that `check` has passed. */
  parse(value: unknown): Parsed | Promise<Parsed>;
}

export interface AdaptOptions {
  /** For messages, for example `tool list_tickets`. */
  readonly subject: string;
  readonly direction: 'input' | 'output';
  /** JSON Schema to advertise where the library cannot say it. */
  readonly jsonSchema: JsonObject | undefined;
  /** Last change before the schema is used: generated members and descriptions. */
  readonly finish?: (schema: JsonObject) => JsonObject;
}

/** Makes a schema of any library, or a plain JSON Schema, usable. Throws DefinitionError. */
export function adaptSchema(schema: unknown, options: AdaptOptions): AdaptedSchema {
  const { subject, direction } = options;
  const raw = jsonSchemaOf(schema, options);
  const { $schema: dialect, ...rest } = raw;
  if (dialect !== undefined && dialect !== DIALECT) {
    throw new DefinitionError(subject, `the ${direction} schema is not written in JSON Schema 2020-12`);
  }
  if (rest['type'] !== 'object') {
    throw new DefinitionError(
      subject,
      `the ${direction} schema must be of the type \`object\` at its root; wrap other values in one`,
    );
  }
  const closed = closeObjects(rest, subject);
  const jsonSchema = options.finish?.(closed) ?? closed;
  const parse = isStandardSchema(schema)
    ? (value: unknown) => parseStandard(schema, value)
    : (value: unknown): Parsed => ({ ok: true, value: fillDefaults(jsonSchema, value as JsonValue) });
  let compiled: ((value: JsonObject) => readonly Violation[]) | undefined;
  return {
    jsonSchema,
    check(value) {
      compiled ??= compile(jsonSchema, options);
      return compiled(value);
    },
    parse,
  };
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

function jsonSchemaOf(schema: unknown, options: AdaptOptions): JsonObject {
  const { subject, direction } = options;
  if (options.jsonSchema !== undefined) return copyOf(options.jsonSchema, options);
  if (!isStandardSchema(schema)) {
    if (!isJsonObject(schema))
      throw new DefinitionError(
        subject,
        `the ${direction} schema is neither a Standard Schema nor a JSON Schema`,
      );
    return copyOf(schema, options);
  }
  const { vendor, jsonSchema } = schema['~standard'];
  const wanted = `give it as \`${direction}JsonSchema\``;
  if (jsonSchema === undefined) {
    throw new DefinitionError(
      subject,
      `${vendor} does not say the JSON Schema of its ${direction} schema; ${wanted}`,
    );
  }
  let described: Record<string, unknown>;
  try {
    described = jsonSchema[direction]({ target: 'draft-2020-12' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new DefinitionError(
      subject,
      `${vendor} cannot say the JSON Schema of the ${direction} schema (${reason}); ${wanted}`,
    );
  }
  return copyOf(described, options);
}

/** Plain JSON of its own: libraries hang further things on their schemas, and a caller may change its object later. */
function copyOf(schema: object, { subject, direction }: AdaptOptions): JsonObject {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(schema));
  } catch {
    throw new DefinitionError(subject, `the ${direction} schema is not JSON`);
  }
  if (!isJsonObject(copy)) throw new DefinitionError(subject, `the ${direction} schema is not an object`);
  return copy;
}

function compile(
  schema: JsonObject,
  { subject, direction }: AdaptOptions,
): (value: JsonObject) => readonly Violation[] {
  const result = compileSchema(schema, { strictRoot: false });
  if (!result.ok) throw new DefinitionError(subject, `the ${direction} schema ${result.problem}`);
  return result.validate;
}

function parseStandard(schema: StandardSchema, value: unknown): Parsed | Promise<Parsed> {
  const result = schema['~standard'].validate(value);
  return result instanceof Promise ? result.then(parsedOf) : parsedOf(result);
}

type Settled = Awaited<ReturnType<StandardSchema['~standard']['validate']>>;

function parsedOf(result: Settled): Parsed {
  if (result.issues === undefined) return { ok: true, value: result.value };
  return { ok: false, violations: result.issues.slice(0, VIOLATIONS_MAX).map(violationOf) };
}

/** Messages of refinements are the author's own words; they are shown, cut and escaped. */
const MESSAGE_CHARS_MAX = 200;

function violationOf(issue: StandardIssue): Violation {
  const path = (issue.path ?? [])
    .map(
      (segment) =>
        `/${String(typeof segment === 'object' ? segment.key : segment)
          .replaceAll('~', '~0')
          .replaceAll('/', '~1')}`,
    )
    .join('');
  return {
    path: escapeName(path, MESSAGE_CHARS_MAX),
    expected: escapeName(issue.message, MESSAGE_CHARS_MAX),
  };
}
