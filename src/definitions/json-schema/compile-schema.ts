import type { ValidateFunction } from 'ajv';
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { VIOLATIONS_MAX } from '../../platform/limits.ts';
import { escapeName } from './escape-name.ts';
import { replaceKeywords } from './keywords.ts';
import { loadAjv2020, loadAjvDraft07, type AjvClass } from './lazy-modules.ts';
import { Meter, TooExpensive } from './meter.ts';
import { Patterns } from './patterns.ts';
import { prepareSchema, SchemaProblem, type PreparedSchema } from './prepare-schema.ts';
import { toViolations, type Violation } from './violations.ts';
import { dialectOf, type Dialect } from './vocabulary.ts';

export interface CompileOptions {
  /**
   * Refuse root members that the schema does not declare, where it declares
   * some and leaves open whether there may be others. Models invent arguments,
   * and one that is ignored in silence reads as one that had an effect.
   */
  readonly strictRoot: boolean;
}

export type CompileResult =
  | {
      readonly ok: true;
      readonly dialect: Dialect;
      /**
       * Empty when the arguments match; at most ten violations otherwise, only
       * the first where the schema has `unevaluated…`. Throws only through a
       * defect of the compiler: ajv 8.20 makes code that fails from some
       * nestings of `unevaluated…` in branches.
       */
      readonly validate: (args: JsonObject) => Violation[];
    }
  /** What is wrong with the schema, to be read after "The schema …". Quotes nothing of it. */
  | { readonly ok: false; readonly problem: string };

const TOO_EXPENSIVE: Violation = { path: '', expected: 'must be smaller: checking it takes too long' };

/**
 * Compiles the input schema of a tool. The schema is the upstream's and may be
 * hostile: its size, depth, branches and patterns are bounded, what it costs
 * is counted while it runs, nothing is ever fetched, and no two schemas share
 * a compiler, which would let one replace another by claiming its `$id`.
 *
 * JSON Schema 2020-12, which is MCP's default, and draft-07 where `$schema`
 * says so. `format` and unknown keywords are annotations. Costs about 1 ms for
 * an ordinary schema, and loads the compiler at the first call: compile when a
 * tool is first called, and keep the result.
 */
export function compileSchema(schema: unknown, options: CompileOptions): CompileResult {
  if (!isJsonObject(schema)) return { ok: false, problem: 'is not an object' };
  const dialect = dialectOf(schema['$schema']);
  if (dialect === undefined)
    return { ok: false, problem: 'is written in a dialect other than 2020-12 and draft-07' };
  const rootType = schema['type'];
  if (rootType !== undefined && rootType !== 'object')
    return { ok: false, problem: 'is not of the type `object`' };
  const meter = new Meter();
  let run: ValidateFunction;
  try {
    const patterns = new Patterns(meter);
    const prepared = prepareSchema(schema, dialect, patterns);
    run = compiler({ dialect, meter, patterns, prepared }).compile(prepared.schema);
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
  const declared = options.strictRoot ? declaredMembers(schema) : undefined;
  return { ok: true, dialect, validate: (args) => validateWith({ run, meter, declared }, args) };
}

interface CompilerParts {
  readonly dialect: Dialect;
  readonly meter: Meter;
  readonly patterns: Patterns;
  readonly prepared: PreparedSchema;
}

function compiler({ dialect, meter, patterns, prepared }: CompilerParts): AjvClass {
  const Ajv = dialect === '2020-12' ? loadAjv2020().Ajv2020 : loadAjvDraft07().Ajv;
  const regExp = Object.assign((source: string) => patternFor(patterns, source), { code: 'patternFor' });
  const ajv = new Ajv({
    // Preparation has checked the forms of the keywords; compiling the meta-schema takes 60 ms.
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    strict: false,
    // Together with tracking, collecting all errors makes ajv 8.20 generate code that throws.
    allErrors: !prepared.hasUnevaluated,
    verbose: true,
    logger: false,
    validateFormats: false,
    // Without it `required: ["constructor"]` is met by every object.
    ownProperties: true,
    // A definition that is copied to each of a thousand references is a thousand definitions.
    inlineRefs: false,
    code: { regExp: regExp as never },
  }) as AjvClass;
  // The class for 2020-12 tracks what was evaluated whether or not a keyword needs it.
  ajv.opts.unevaluated = prepared.hasUnevaluated;
  replaceKeywords(ajv, meter);
  return ajv;
}

/** Preparation has left only patterns that compile. The text is the key under which code shares them. */
function patternFor(patterns: Patterns, source: string): { test(text: string): boolean; toString(): string } {
  const result = patterns.get(source);
  if (result.kind !== 'compiled') throw new SchemaProblem('has a `pattern` that cannot be matched');
  return { test: (text) => result.pattern.test(text), toString: () => source };
}

function problemOf(error: unknown): string {
  if (error instanceof SchemaProblem) return error.message;
  const name = error instanceof Error ? error.constructor.name : '';
  // The compiler's own texts quote the schema.
  if (name === 'MissingRefError') return 'has a `$ref` that leads outside of it, or nowhere';
  return 'cannot be compiled';
}

/** Keywords by which a schema itself decides about further members, or whose effect on them is not plain. */
const OPEN_ROOT_KEYWORDS: readonly string[] = [
  'additionalProperties',
  'unevaluatedProperties',
  'patternProperties',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  '$ref',
  '$dynamicRef',
  'dependentSchemas',
  'dependencies',
];

function declaredMembers(schema: JsonObject): ReadonlySet<string> | undefined {
  const { properties } = schema as { properties?: unknown };
  if (!isJsonObject(properties) || OPEN_ROOT_KEYWORDS.some((keyword) => Object.hasOwn(schema, keyword))) {
    return undefined;
  }
  return new Set(Object.keys(properties));
}

interface Compiled {
  readonly run: ValidateFunction;
  readonly meter: Meter;
  /** The only members that the root may have; undefined: as the schema says. */
  readonly declared: ReadonlySet<string> | undefined;
}

function validateWith({ run, meter, declared }: Compiled, args: JsonObject): Violation[] {
  const violations = declared === undefined ? [] : unknownMembers(args, declared);
  meter.reset();
  try {
    if (run(args) === true) return violations;
    violations.push(...toViolations(run.errors ?? []));
  } catch (error) {
    // A reference to itself that consumes nothing ends in a stack overflow.
    if (!(error instanceof TooExpensive || error instanceof RangeError)) throw error;
    violations.push(TOO_EXPENSIVE);
  } finally {
    // Errors hold the arguments, and the function is kept for as long as the tool exists.
    run.errors = null;
  }
  return violations.slice(0, VIOLATIONS_MAX);
}

function unknownMembers(args: JsonObject, declared: ReadonlySet<string>): Violation[] {
  const violations: Violation[] = [];
  for (const name of Object.keys(args)) {
    if (declared.has(name)) continue;
    violations.push({ path: '', expected: `unknown member \`${escapeName(name)}\`` });
    if (violations.length >= VIOLATIONS_MAX) break;
  }
  return violations;
}
