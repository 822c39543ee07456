import { isJsonObject, type JsonValue } from '../../platform/json.ts';
import type { KeywordShape } from './vocabulary.ts';

const TYPES: ReadonlySet<unknown> = new Set([
  'null',
  'boolean',
  'object',
  'array',
  'number',
  'string',
  'integer',
]);

/**
 * Whether a keyword's value has the form that its dialect prescribes. The
 * members of schemas inside it are looked at when those are prepared. This
 * stands for the meta-schema, which takes 60 ms to compile.
 */
export function hasShape(value: JsonValue, shape: KeywordShape): boolean {
  switch (shape) {
    case 'schema':
      return isSchema(value);
    case 'schemas':
    case 'branches':
      return Array.isArray(value) && value.length > 0 && value.every(isSchema);
    case 'items':
      return isSchema(value) || (Array.isArray(value) && value.every(isSchema));
    case 'schema-map':
      return isJsonObject(value) && Object.values(value).every(isSchema);
    case 'dependencies':
      return (
        isJsonObject(value) && Object.values(value).every((member) => isSchema(member) || isNames(member))
      );
    case 'names':
      return isNames(value);
    case 'names-map':
      return isJsonObject(value) && Object.values(value).every(isNames);
    case 'enum':
      return Array.isArray(value) && value.length > 0;
    case 'type':
      return Array.isArray(value)
        ? value.length > 0 && value.every((member) => TYPES.has(member)) && isWithoutRepetition(value)
        : TYPES.has(value);
    case 'any':
      return true;
    default:
      return isScalarOf(value, shape);
  }
}

type ScalarShape = Extract<
  KeywordShape,
  'string' | 'reference' | 'pattern' | 'number' | 'positive' | 'count' | 'boolean'
>;

function isScalarOf(value: JsonValue, shape: ScalarShape): boolean {
  switch (shape) {
    case 'string':
    case 'reference':
    case 'pattern':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'positive':
      return typeof value === 'number' && value > 0;
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0;
    case 'boolean':
      return typeof value === 'boolean';
  }
}

function isSchema(value: JsonValue | undefined): boolean {
  return typeof value === 'boolean' || isJsonObject(value);
}

function isNames(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isWithoutRepetition(values: readonly JsonValue[]): boolean {
  return new Set(values).size === values.length;
}
