import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';
import { DefinitionError } from './definition-error.ts';

/** Keywords whose value is a schema that stands on its own. */
const SINGLE: readonly string[] = [
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
];
/** Keywords whose value is a map of schemas that stand on their own. */
const MAPS: readonly string[] = ['properties', 'patternProperties'];
/** Keywords whose schemas describe the same object as the schema that holds them. */
const PARTS: readonly string[] = ['if', 'then', 'else'];

/**
 * Copies a schema and closes every object in it that does not say whether it
 * has further members: what is not described would be accepted in silence, and
 * a model reads that as "it had an effect". An object that is described in
 * several parts (`allOf`, `if`, a `$ref` beside `properties`) is closed by
 * `unevaluatedProperties` around the parts, since each part alone would refuse
 * the members of the others. Throws DefinitionError for an object that names
 * no members at all, which is either a mistake or wants to be said.
 */
export function closeObjects(schema: JsonObject, subject: string): JsonObject {
  const open = new Set<string>();
  findParts(schema, false, open);
  return new Closing(subject, open).close(schema, { path: '', isPart: false });
}

interface Place {
  /** JSON Pointer into the schema, for messages. */
  readonly path: string;
  /** The schema is one part of an object that is closed around it. */
  readonly isPart: boolean;
}

class Closing {
  readonly #subject: string;
  /** `$ref`s of definitions that are used as parts and must stay open. */
  readonly #open: ReadonlySet<string>;

  constructor(subject: string, open: ReadonlySet<string>) {
    this.#subject = subject;
    this.#open = open;
  }

  close(schema: JsonObject, place: Place): JsonObject {
    const closed: JsonObject = {};
    const branchesArePart = place.isPart || describesObject(schema) || 'allOf' in schema;
    for (const [keyword, value] of Object.entries(schema)) {
      const path = `${place.path}/${keyword}`;
      if (value === undefined) continue;
      else if (SINGLE.includes(keyword)) closed[keyword] = this.#member(value, { path, isPart: false });
      else if (PARTS.includes(keyword)) closed[keyword] = this.#member(value, { path, isPart: true });
      else if (keyword === 'allOf') closed[keyword] = this.#list(value, { path, isPart: true });
      else if (keyword === 'anyOf' || keyword === 'oneOf')
        closed[keyword] = this.#list(value, { path, isPart: branchesArePart });
      else if (keyword === 'prefixItems') closed[keyword] = this.#list(value, { path, isPart: false });
      else if (keyword === 'dependentSchemas') closed[keyword] = this.#map(value, { path, isPart: true });
      else if (keyword === '$defs' || keyword === 'definitions')
        closed[keyword] = this.#definitions(value, place, keyword);
      else if (MAPS.includes(keyword)) closed[keyword] = this.#map(value, { path, isPart: false });
      else closed[keyword] = value;
    }
    if (!place.isPart) this.#finish(closed, place);
    return closed;
  }

  #finish(schema: JsonObject, place: Place): void {
    if ('additionalProperties' in schema || 'unevaluatedProperties' in schema) return;
    const isInParts =
      'allOf' in schema ||
      'if' in schema ||
      'dependentSchemas' in schema ||
      (describesObject(schema) && ('anyOf' in schema || 'oneOf' in schema || '$ref' in schema)) ||
      (typeof schema['$ref'] === 'string' && this.#open.has(schema['$ref']));
    if (isInParts) schema['unevaluatedProperties'] = false;
    else if (describesObject(schema)) {
      if (place.path !== '' && !('properties' in schema) && !('patternProperties' in schema)) {
        throw new DefinitionError(
          this.#subject,
          `the object at \`${place.path}\` of a schema names no members; list them in \`properties\`, or say \`"additionalProperties": true\``,
        );
      }
      schema['additionalProperties'] = false;
    }
  }

  #member(value: JsonValue, place: Place): JsonValue {
    return isJsonObject(value) ? this.close(value, place) : value;
  }

  #list(value: JsonValue, place: Place): JsonValue {
    if (!Array.isArray(value)) return value;
    return value.map((entry, index) =>
      this.#member(entry, { ...place, path: `${place.path}/${String(index)}` }),
    );
  }

  #map(value: JsonValue, place: Place): JsonValue {
    if (!isJsonObject(value)) return value;
    const closed: JsonObject = {};
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined)
        closed[name] = this.#member(member, { ...place, path: `${place.path}/${name}` });
    }
    return closed;
  }

  #definitions(value: JsonValue, place: Place, keyword: string): JsonValue {
    if (!isJsonObject(value)) return value;
    const closed: JsonObject = {};
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const isPart = this.#open.has(`#/${keyword}/${name}`);
      closed[name] = this.#member(member, { path: `${place.path}/${keyword}/${name}`, isPart });
    }
    return closed;
  }
}

function describesObject(schema: JsonObject): boolean {
  const { type } = schema as { type?: JsonValue };
  return 'properties' in schema || type === 'object' || (Array.isArray(type) && type.includes('object'));
}

/** Collects the references that stand where a part of an object is described. */
function findParts(value: JsonValue | undefined, isPart: boolean, open: Set<string>): void {
  if (Array.isArray(value)) {
    for (const entry of value) findParts(entry, isPart, open);
    return;
  }
  if (!isJsonObject(value)) return;
  const reference = value['$ref'];
  if (typeof reference === 'string' && (isPart || describesObject(value))) open.add(reference);
  const branchesArePart = isPart || describesObject(value) || 'allOf' in value;
  for (const [keyword, member] of Object.entries(value)) {
    if (keyword === 'enum' || keyword === 'const' || keyword === 'default' || keyword === 'examples')
      continue;
    const memberIsPart =
      keyword === 'allOf' ||
      PARTS.includes(keyword) ||
      ((keyword === 'anyOf' || keyword === 'oneOf') && branchesArePart);
    if (
      MAPS.includes(keyword) ||
      keyword === '$defs' ||
      keyword === 'definitions' ||
      keyword === 'dependentSchemas'
    ) {
      for (const entry of Object.values(isJsonObject(member) ? member : {})) {
        findParts(entry, keyword === 'dependentSchemas', open);
      }
    } else findParts(member, memberIsPart, open);
  }
}
