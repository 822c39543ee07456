import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import {
  SCHEMA_BRANCHES_MAX,
  SCHEMA_BYTES_MAX,
  SCHEMA_DEPTH_MAX,
  SCHEMA_ENUM_VALUES_MAX,
  SCHEMA_SUBSCHEMAS_MAX,
} from '../../platform/limits.ts';
import { hasShape } from './keyword-shape.ts';
import type { Patterns } from './patterns.ts';
import { VOCABULARY, type Dialect, type KeywordShape } from './vocabulary.ts';

/** Why a schema cannot be used; made of our own words only. */
export class SchemaProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SchemaProblem';
  }
}

export interface PreparedSchema {
  readonly schema: JsonObject;
  /** It has `unevaluatedProperties` or `unevaluatedItems`, for which what was evaluated has to be tracked. */
  readonly hasUnevaluated: boolean;
}

/** Keyword of ours that each prepared schema object carries: what applying it costs. */
export const COST_KEYWORD = 'x-cost';

/** Lists of members are looked through about this much faster than a schema is applied. */
const MEMBERS_PER_STEP = 8;

/**
 * Copies a schema of an upstream into one that is safe to compile: known
 * keywords only, each with a value of the right shape, within bounds, and with
 * the cost of each schema object written into it. Throws SchemaProblem.
 */
export function prepareSchema(schema: JsonObject, dialect: Dialect, patterns: Patterns): PreparedSchema {
  const preparation = new Preparation(dialect, patterns);
  const prepared = preparation.schemaAt(schema, 1);
  if (serializedBytes(schema) > SCHEMA_BYTES_MAX)
    throw new SchemaProblem(`is larger than ${SCHEMA_BYTES_MAX} bytes`);
  if (!isJsonObject(prepared)) throw new SchemaProblem('is not an object');
  return { schema: prepared, hasUnevaluated: preparation.hasUnevaluated };
}

function serializedBytes(schema: JsonObject): number {
  try {
    return Buffer.byteLength(JSON.stringify(schema));
  } catch {
    // Values nested thousands deep, inside `const` or an annotation, overflow the stack.
    throw new SchemaProblem('is nested too deeply');
  }
}

class Preparation {
  readonly #keywords: ReadonlyMap<string, KeywordShape>;
  readonly #patterns: Patterns;
  hasUnevaluated = false;
  #subschemas = 0;
  #branches = 0;

  constructor(dialect: Dialect, patterns: Patterns) {
    this.#keywords = VOCABULARY[dialect];
    this.#patterns = patterns;
  }

  schemaAt(schema: JsonValue | undefined, depth: number): JsonObject | boolean {
    if (typeof schema === 'boolean') return schema;
    if (!isJsonObject(schema))
      throw new SchemaProblem('has a subschema that is neither an object nor a boolean');
    if (depth > SCHEMA_DEPTH_MAX)
      throw new SchemaProblem(`is nested more than ${SCHEMA_DEPTH_MAX} levels deep`);
    this.#subschemas += 1;
    if (this.#subschemas > SCHEMA_SUBSCHEMAS_MAX) {
      throw new SchemaProblem(`has more than ${SCHEMA_SUBSCHEMAS_MAX} subschemas`);
    }
    const prepared: JsonObject = {};
    for (const [keyword, shape] of this.#keywords) {
      const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
      if (value === undefined) continue;
      if (!hasShape(value, shape)) throw new SchemaProblem(`has a \`${keyword}\` of the wrong form`);
      prepared[keyword] = this.#prepareValue(shape, value, depth);
    }
    this.#dropUnsupportedPatterns(prepared);
    this.hasUnevaluated ||= 'unevaluatedProperties' in prepared || 'unevaluatedItems' in prepared;
    prepared[COST_KEYWORD] = costOf(prepared);
    return prepared;
  }

  #prepareValue(shape: KeywordShape, value: JsonValue, depth: number): JsonValue {
    switch (shape) {
      case 'schema':
        return this.schemaAt(value, depth + 1);
      case 'items':
        return Array.isArray(value) ? this.#list(value, depth) : this.schemaAt(value, depth + 1);
      case 'branches':
        this.#countBranches(value);
        return this.#list(value, depth);
      case 'schemas':
        return this.#list(value, depth);
      case 'schema-map':
        return this.#map(value, (member) => this.schemaAt(member, depth + 1));
      case 'dependencies':
        return this.#map(value, (member) =>
          Array.isArray(member) ? member : this.schemaAt(member, depth + 1),
        );
      case 'enum':
        if (Array.isArray(value) && value.length > SCHEMA_ENUM_VALUES_MAX) {
          throw new SchemaProblem(`has an \`enum\` of more than ${SCHEMA_ENUM_VALUES_MAX} values`);
        }
        return value;
      default:
        return value;
    }
  }

  #list(value: JsonValue, depth: number): JsonValue[] {
    return Array.isArray(value) ? value.map((member) => this.schemaAt(member, depth + 1)) : [];
  }

  #map(value: JsonValue, prepareMember: (member: JsonValue | undefined) => JsonValue): JsonObject {
    const prepared: JsonObject = {};
    for (const [name, member] of Object.entries(isJsonObject(value) ? value : {})) {
      // As a member of an ordinary object it would set the prototype, and compilers skip it in silence.
      if (name === '__proto__') throw new SchemaProblem('has a member named `__proto__`');
      prepared[name] = prepareMember(member);
    }
    return prepared;
  }

  #countBranches(value: JsonValue): void {
    this.#branches += Array.isArray(value) ? value.length : 0;
    if (this.#branches > SCHEMA_BRANCHES_MAX) {
      throw new SchemaProblem(`has more than ${SCHEMA_BRANCHES_MAX} branches of anyOf, oneOf and allOf`);
    }
  }

  #dropUnsupportedPatterns(schema: JsonObject): void {
    const { pattern, patternProperties } = schema as { pattern?: JsonValue; patternProperties?: JsonValue };
    if (typeof pattern === 'string' && !this.#isSupported(pattern)) delete schema['pattern'];
    if (!isJsonObject(patternProperties)) return;
    const names = Object.keys(patternProperties);
    if (names.every((name) => this.#isSupported(name))) return;
    // Which members the pattern covers is not known, so none can be called surplus.
    for (const keyword of ['patternProperties', 'additionalProperties', 'unevaluatedProperties'])
      delete schema[keyword];
  }

  #isSupported(source: string): boolean {
    const { kind } = this.#patterns.get(source);
    if (kind === 'invalid')
      throw new SchemaProblem('has a `pattern` that is not a regular expression, or too long');
    if (this.#patterns.isTooLarge) throw new SchemaProblem('has patterns that are too large together');
    return kind === 'compiled';
  }
}

function costOf(schema: JsonObject): number {
  let members = 0;
  for (const keyword of ['properties', 'required', 'dependentRequired', 'dependentSchemas', 'dependencies']) {
    const value = schema[keyword];
    if (Array.isArray(value)) members += value.length;
    else if (isJsonObject(value)) members += Object.keys(value).length;
  }
  return 1 + Math.floor(members / MEMBERS_PER_STEP);
}
