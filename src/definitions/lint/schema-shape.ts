import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { typesOf, type SchemaNode } from './schema-walk.ts';

/** Keywords that combine schemas. */
const COMBINATORS = ['anyOf', 'oneOf', 'allOf', 'not', 'if', '$ref', '$dynamicRef'] as const;

/** True when other schemas decide about the value as well. */
export function isComposed(schema: JsonObject): boolean {
  return COMBINATORS.some((keyword) => Object.hasOwn(schema, keyword));
}

export function propertiesOf(schema: JsonObject): JsonObject {
  const properties = Object.hasOwn(schema, 'properties') ? schema['properties'] : undefined;
  return isJsonObject(properties) ? properties : {};
}

/** True for a schema of an object with members of its own. */
export function isObjectNode({ schema }: SchemaNode): boolean {
  const types = typesOf(schema);
  return Object.keys(propertiesOf(schema)).length > 0 && (types.length === 0 || types.includes('object'));
}

/** True where a schema lets any further member pass. One that gives them a schema is a record, and not open. */
export function isOpen(schema: JsonObject): boolean {
  if (schema['unevaluatedProperties'] === false || isJsonObject(schema['patternProperties'])) return false;
  const additional = schema['additionalProperties'];
  if (additional === undefined || additional === true) return true;
  return isJsonObject(additional) && Object.keys(additional).length === 0;
}

export function stringMember(schema: JsonObject, member: string): string | undefined {
  const value = Object.hasOwn(schema, member) ? schema[member] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function numberMember(schema: JsonObject, member: string): number | undefined {
  const value = Object.hasOwn(schema, member) ? schema[member] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** The `$ref` and `$dynamicRef` of one schema object. */
export function refsIn(schema: JsonObject): string[] {
  return ['$ref', '$dynamicRef'].flatMap((keyword) => {
    const ref = stringMember(schema, keyword);
    return ref === undefined ? [] : [ref];
  });
}

/** True for a reference that leads out of the schema. */
export function isRemoteRef(ref: string): boolean {
  return !ref.startsWith('#');
}

/**
 * True when a reference leads back to a schema that it stands in. Follows the
 * graph of references once over, with a list instead of the call stack.
 */
export function isRecursive(nodes: readonly SchemaNode[], rootPath: string): boolean {
  const edges = new Map<string, string[]>();
  const targets = new Set<string>();
  for (const { schema, path } of nodes) {
    for (const ref of refsIn(schema)) {
      if (isRemoteRef(ref)) continue;
      const target = `${rootPath}${ref.slice(1)}`;
      targets.add(target);
      // A reference belongs to every target that it stands in.
      edges.set(path, [...(edges.get(path) ?? []), target]);
    }
  }
  const inside = (target: string): string[] =>
    [...edges].flatMap(([path, to]) => (path === target || path.startsWith(`${target}/`) ? to : []));
  const reachable = new Map([...targets].slice(0, TARGETS_MAX).map((target) => [target, inside(target)]));
  for (const start of reachable.keys()) {
    const seen = new Set<string>();
    const waiting = [...(reachable.get(start) ?? [])];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === start) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...(reachable.get(next) ?? []));
    }
  }
  return false;
}

/** Targets of references that are followed: the search takes time by their square. */
const TARGETS_MAX = 100;

/** The members of a schema's `enum`; undefined when it has none. */
export function enumOf(schema: JsonObject): readonly JsonValue[] | undefined {
  const values = Object.hasOwn(schema, 'enum') ? schema['enum'] : undefined;
  return Array.isArray(values) ? values : undefined;
}
