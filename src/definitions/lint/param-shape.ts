import type { JsonObject } from '../../platform/json.ts';
import type { ParamModel, ToolModel } from './model.ts';
import { propertiesOf } from './schema-shape.ts';

const WRAPPERS: ReadonlySet<string> = new Set([
  'params',
  'input',
  'args',
  'arguments',
  'data',
  'request',
  'payload',
  'body',
  'options',
  'kwargs',
]);

/** True for the one object that all arguments of a tool are inside of. */
export function isWrapper(param: ParamModel, tool: ToolModel): boolean {
  return (
    param.isTopLevel &&
    WRAPPERS.has(param.name.toLowerCase()) &&
    Object.keys(propertiesOf(tool.input)).length === 1 &&
    Object.keys(propertiesOf(param.effective)).length > 0
  );
}

/** True when a bound of a number is not itself allowed. */
export function isExclusive(schema: JsonObject): boolean {
  return Object.hasOwn(schema, 'exclusiveMinimum') || Object.hasOwn(schema, 'exclusiveMaximum');
}

const KEYS: ReadonlySet<string> = new Set([
  'idempotency key',
  'idempotencykey',
  'idempotency token',
  'request id',
  'client token',
  'client request id',
  'dedupe key',
  'transaction id',
]);

/** True when a caller can mark a call as the repetition of another. */
export function hasKey(tool: ToolModel): boolean {
  return tool.params.some(({ words }) => KEYS.has(words.join(' ')));
}
