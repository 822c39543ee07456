import type { JsonObject, JsonValue } from '../platform/json.ts';

interface PropertySchemaBase {
  readonly description: string;
}

export interface StringSchema extends PropertySchemaBase {
  readonly type: 'string';
  readonly minLength?: number;
  readonly maxLength: number;
  readonly default?: string;
}

export interface NumberSchema extends PropertySchemaBase {
  readonly type: 'number' | 'integer';
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * The part of JSON Schema that these tools need. The published schema and the
 * check are the same object, so that they cannot disagree.
 */
export interface InputSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, StringSchema | NumberSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** Arguments that fit their schema. Reading one of the wrong type yields the type's empty value. */
export class CheckedArguments {
  readonly #values: JsonObject;

  constructor(values: JsonObject) {
    this.#values = values;
  }

  text(name: string): string {
    const value = this.#values[name];
    return typeof value === 'string' ? value : '';
  }

  number(name: string): number {
    const value = this.#values[name];
    return typeof value === 'number' ? value : 0;
  }
}

export type CheckArgumentsResult =
  | { readonly ok: true; readonly args: CheckedArguments }
  | { readonly ok: false; readonly message: string };

/** Checks arguments strictly and names every mistake, so that a model can mend all of them at once. */
export function checkArguments(schema: InputSchema, values: JsonObject): CheckArgumentsResult {
  const mistakes: string[] = [];
  const filled: JsonObject = {};
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(schema.properties, name)) mistakes.push('an argument is not known to this tool');
  }
  for (const [name, property] of Object.entries(schema.properties)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      if (schema.required.includes(name)) mistakes.push(`${name} is required`);
      else if (property.type === 'string' && property.default !== undefined) filled[name] = property.default;
      continue;
    }
    const mistake =
      property.type === 'string' ? stringMistake(property, value) : numberMistake(property, value);
    if (mistake !== undefined) mistakes.push(`${name} ${mistake}`);
    filled[name] = value;
  }
  if (mistakes.length === 0) return { ok: true, args: new CheckedArguments(filled) };
  const allowed = Object.keys(schema.properties).join(', ') || 'none';
  return {
    ok: false,
    message: `Invalid arguments: ${[...new Set(mistakes)].join('; ')}. Arguments: ${allowed}.`,
  };
}

/** Length as JSON Schema counts it: code points, not UTF-16 units. */
export function codePointsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function stringMistake(schema: StringSchema, value: JsonValue): string | undefined {
  const minLength = schema.minLength ?? 0;
  const isFit =
    typeof value === 'string' && value.length >= minLength && codePointsOf(value) <= schema.maxLength;
  return isFit ? undefined : `must be a string of ${minLength} to ${schema.maxLength} characters`;
}

function numberMistake(schema: NumberSchema, value: JsonValue): string | undefined {
  const isFit =
    typeof value === 'number' &&
    (schema.type === 'number' || Number.isInteger(value)) &&
    value >= schema.minimum &&
    value <= schema.maximum;
  return isFit
    ? undefined
    : `must be ${schema.type === 'integer' ? 'an integer' : 'a number'} from ${schema.minimum} to ${schema.maximum}`;
}
