import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { LINT_PARAMS_MAX } from '../../platform/limits.ts';
import { pointer } from './pointer.ts';

/** One schema object inside a schema. */
export interface SchemaNode {
  readonly schema: JsonObject;
  /** JSON Pointer into the tool. */
  readonly path: string;
  /** Keyword that leads here; `''` for the root. */
  readonly keyword: string;
  /** Name of the member that it describes, when reached through `properties`. */
  readonly name: string | undefined;
  readonly isRequired: boolean;
  /** Objects and arrays around it: 1 for a parameter of the tool, 0 for the root. */
  readonly depth: number;
  readonly parent: SchemaNode | undefined;
  /** Inside `$defs` or `definitions`: its depth is counted from there. */
  readonly isDefinition: boolean;
}

/** Keywords that hold one schema; the number is how much deeper its values are. */
const SINGLE: ReadonlyMap<string, number> = new Map([
  ['additionalProperties', 1],
  ['unevaluatedProperties', 1],
  ['items', 1],
  ['additionalItems', 1],
  ['unevaluatedItems', 1],
  ['contains', 1],
  ['propertyNames', 0],
  ['not', 0],
  ['if', 0],
  ['then', 0],
  ['else', 0],
]);

/** Keywords that hold a list of schemas. */
const LISTS: ReadonlyMap<string, number> = new Map([
  ['anyOf', 0],
  ['oneOf', 0],
  ['allOf', 0],
  ['prefixItems', 1],
  ['items', 1],
]);

/** Keywords that hold schemas by name. */
const MAPS: ReadonlyMap<string, number> = new Map([
  ['properties', 1],
  ['patternProperties', 1],
  ['$defs', 0],
  ['definitions', 0],
  ['dependentSchemas', 0],
]);

function requiredNames(schema: JsonObject): ReadonlySet<JsonValue> {
  const required = schema['required'];
  return new Set(Array.isArray(required) ? required : []);
}

interface Place {
  readonly value: JsonValue | undefined;
  readonly path: string;
  readonly keyword: string;
  readonly name?: string | undefined;
  readonly isRequired?: boolean;
  readonly deeper: number;
}

function placesIn(node: SchemaNode): Place[] {
  const places: Place[] = [];
  const required = requiredNames(node.schema);
  for (const [keyword, value] of Object.entries(node.schema)) {
    const path = pointer(node.path, keyword);
    const single = SINGLE.get(keyword);
    const list = LISTS.get(keyword);
    const map = MAPS.get(keyword);
    if (Array.isArray(value) && list !== undefined) {
      value.forEach((item, index) => {
        places.push({ value: item, path: pointer(path, index), keyword, deeper: list });
      });
    } else if (isJsonObject(value) && map !== undefined) {
      for (const [name, member] of Object.entries(value)) {
        const isProperty = keyword === 'properties';
        places.push({
          value: member,
          path: pointer(path, name),
          keyword,
          name: isProperty ? name : undefined,
          isRequired: isProperty && required.has(name),
          deeper: map,
        });
      }
    } else if (single !== undefined) {
      places.push({ value, path, keyword, deeper: single });
    }
  }
  return places;
}

/**
 * Every schema object in a schema, in the order of the document. References
 * are not followed. The definition was measured before, so the schema is
 * bounded in depth and size.
 */
export function walkSchema(schema: JsonObject, path: string): SchemaNode[] {
  const root: SchemaNode = {
    schema,
    path,
    keyword: '',
    name: undefined,
    isRequired: false,
    depth: 0,
    parent: undefined,
    isDefinition: false,
  };
  const nodes: SchemaNode[] = [];
  const waiting: SchemaNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    nodes.push(node);
    const parent = node;
    const children = placesIn(node).flatMap((place): SchemaNode[] => {
      if (!isJsonObject(place.value)) return [];
      const isDefinitions = place.keyword === '$defs' || place.keyword === 'definitions';
      return [
        {
          schema: place.value,
          path: place.path,
          keyword: place.keyword,
          name: place.name,
          isRequired: place.isRequired ?? false,
          depth: isDefinitions ? 0 : parent.depth + place.deeper,
          parent,
          isDefinition: parent.isDefinition || isDefinitions,
        },
      ];
    });
    waiting.push(...children.reverse());
  }
  return nodes;
}

/** The nodes that describe a named member; the first `LINT_PARAMS_MAX` of them. */
export function namedNodes(
  nodes: readonly SchemaNode[],
): readonly (SchemaNode & { readonly name: string })[] {
  const named = nodes.filter(
    (node): node is SchemaNode & { readonly name: string } => node.name !== undefined,
  );
  return named.slice(0, LINT_PARAMS_MAX);
}

/** References followed one after the other; a chain that is longer is a loop or a joke. */
const REF_HOPS_MAX = 8;

/** The schema that a local `$ref` leads to; the schema itself when it has none, or leads nowhere. */
export function resolveRef(schema: JsonObject, root: JsonObject): JsonObject {
  let current = schema;
  for (let hop = 0; hop < REF_HOPS_MAX; hop += 1) {
    const ref = Object.hasOwn(current, '$ref') ? current['$ref'] : undefined;
    if (typeof ref !== 'string' || !ref.startsWith('#/')) return current;
    let target: JsonValue | undefined = root;
    for (const raw of ref.slice(2).split('/', REF_HOPS_MAX)) {
      const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
      target = isJsonObject(target) && Object.hasOwn(target, step) ? target[step] : undefined;
    }
    if (!isJsonObject(target)) return current;
    const { $ref: _, ...beside } = current;
    current = { ...target, ...beside };
  }
  return current;
}

/**
 * What a schema amounts to: local references followed, and "this or null"
 * (which some libraries write as `anyOf`) reduced to this.
 */
export function effectiveSchema(schema: JsonObject, root: JsonObject): JsonObject {
  const resolved = resolveRef(schema, root);
  for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
    const branches = Object.hasOwn(resolved, keyword) ? resolved[keyword] : undefined;
    if (!Array.isArray(branches)) continue;
    const others = branches.filter((branch) => !(isJsonObject(branch) && branch['type'] === 'null'));
    const [only] = others;
    if (others.length !== 1 || !isJsonObject(only)) continue;
    const { [keyword]: _, ...beside } = resolved;
    return { ...resolveRef(only, root), ...beside };
  }
  return resolved;
}

/** The JSON types that a schema names, `null` left out. Empty: it names none. */
export function typesOf(schema: JsonObject): readonly string[] {
  const type = schema['type'];
  const types = Array.isArray(type) ? type : [type];
  return types.filter((one): one is string => typeof one === 'string' && one !== 'null');
}
