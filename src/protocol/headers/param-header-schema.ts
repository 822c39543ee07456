import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { PARAM_HEADERS_MAX } from '../../platform/limits.ts';

/** One argument that is mirrored into a header. */
export interface ParamHeader {
  /** Member names from the arguments down to the value. */
  readonly path: readonly string[];
  /** As declared; the header is `Mcp-Param-{name}`. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
}

export type ParamHeaderProblem =
  | 'not_a_token'
  | 'not_unique'
  | 'wrong_type'
  | 'not_reachable'
  | 'too_many'
  | 'too_deep';

export type ParamHeaders =
  | { readonly ok: true; readonly params: readonly ParamHeader[] }
  /** The tool must be dropped from the list. */
  | { readonly ok: false; readonly problem: ParamHeaderProblem };

const KEYWORD = 'x-mcp-header';

/** Keywords whose value is one subschema, or an array of them. */
const SUBSCHEMA_KEYWORDS = [
  'items',
  'prefixItems',
  'additionalItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'contentSchema',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
] as const;

/** Keywords whose value maps names to subschemas. */
const SUBSCHEMA_MAP_KEYWORDS = ['patternProperties', 'dependentSchemas', '$defs', 'definitions'] as const;

/** Deeper schemas cannot come in by a scanned message; this holds for those that are written in code. */
const DEPTH_MAX = 64;

interface Place {
  readonly schema: JsonValue | undefined;
  readonly path: readonly string[];
  /** Reached from the root through `properties` alone. */
  readonly isReachable: boolean;
}

/**
 * Reads the `x-mcp-header` declarations of a tool's `inputSchema` (2026-07-28
 * `basic/transports/streamable-http`, schema extension). Each must be an RFC
 * 9110 token, unique without regard to case, on a property of type string,
 * integer or boolean, and reachable through `properties` alone: elsewhere the
 * value that it means would not be one. Values of `default`, `const`, `enum`
 * and of unknown keywords are data and not looked into.
 */
export function readParamHeaders(inputSchema: JsonObject): ParamHeaders {
  const params: ParamHeader[] = [];
  const names = new Set<string>();
  const open: Place[] = [{ schema: inputSchema, path: [], isReachable: true }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (!isJsonObject(place.schema)) continue;
    if (place.path.length > DEPTH_MAX) return { ok: false, problem: 'too_deep' };
    if (Object.hasOwn(place.schema, KEYWORD)) {
      const param = readDeclaration(place, place.schema);
      if (typeof param === 'string') return { ok: false, problem: param };
      const lower = param.name.toLowerCase();
      if (names.has(lower)) return { ok: false, problem: 'not_unique' };
      if (params.length === PARAM_HEADERS_MAX) return { ok: false, problem: 'too_many' };
      names.add(lower);
      params.push(param);
    }
    addSubschemas(open, place, place.schema);
  }
  return { ok: true, params };
}

function readDeclaration(place: Place, schema: JsonObject): ParamHeader | ParamHeaderProblem {
  if (!place.isReachable || place.path.length === 0) return 'not_reachable';
  const name = schema[KEYWORD];
  if (typeof name !== 'string' || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/.test(name)) return 'not_a_token';
  const type = schema['type'];
  if (type !== 'string' && type !== 'integer' && type !== 'boolean') return 'wrong_type';
  return { path: place.path, name, type };
}

/** Pushed in reverse, so that declarations come out in the order of the schema. */
function addSubschemas(open: Place[], place: Place, schema: JsonObject): void {
  for (const keyword of SUBSCHEMA_KEYWORDS) {
    const value = schema[keyword];
    if (value === undefined) continue;
    for (const sub of Array.isArray(value) ? value : [value]) open.push(unreachable(place, sub));
  }
  for (const keyword of SUBSCHEMA_MAP_KEYWORDS) {
    const value = schema[keyword];
    if (!isJsonObject(value)) continue;
    for (const sub of Object.values(value)) open.push(unreachable(place, sub));
  }
  const properties = schema['properties'];
  if (!isJsonObject(properties)) return;
  for (const [name, sub] of Object.entries(properties).reverse()) {
    open.push({ schema: sub, path: [...place.path, name], isReachable: place.isReachable });
  }
}

/** The path only counts the depth here; nothing below can declare a header. */
function unreachable(place: Place, schema: JsonValue | undefined): Place {
  return { schema, path: [...place.path, ''], isReachable: false };
}
