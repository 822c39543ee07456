import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';

/**
 * Copies `value` with the defaults of a plain JSON Schema where members are
 * absent: the advertised default is a promise, and JSON Schema itself only
 * annotates it. Follows `properties` and `items`; `depth` bounds schemas that
 * refer to nothing but still nest deeply.
 */
export function fillDefaults(schema: JsonObject, value: JsonValue, depth = 0): JsonValue {
  if (depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) {
    const items = schema['items'];
    return isJsonObject(items) ? value.map((entry) => fillDefaults(items, entry, depth + 1)) : value;
  }
  const properties = schema['properties'];
  if (!isJsonObject(value) || !isJsonObject(properties)) return value;
  const filled: JsonObject = { ...value };
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue;
    const given = Object.hasOwn(filled, name) ? filled[name] : undefined;
    if (given !== undefined) filled[name] = fillDefaults(property, given, depth + 1);
    // A copy, so that a handler which changes its arguments does not change the next caller's.
    else if (property['default'] !== undefined) filled[name] = structuredClone(property['default']);
  }
  return filled;
}

const DEPTH_MAX = 32;
