/** What the value of a keyword has to look like. */
export type KeywordShape =
  | 'schema'
  | 'schemas'
  | 'branches'
  | 'schema-map'
  | 'items'
  | 'dependencies'
  | 'string'
  | 'reference'
  | 'pattern'
  | 'type'
  | 'number'
  | 'positive'
  | 'count'
  | 'boolean'
  | 'names'
  | 'names-map'
  | 'enum'
  | 'any';

export type Dialect = '2020-12' | 'draft-07';

/** Keywords that mean the same in both dialects. */
const COMMON: readonly (readonly [string, KeywordShape])[] = [
  ['$id', 'string'],
  ['$ref', 'reference'],
  ['$defs', 'schema-map'],
  ['definitions', 'schema-map'],
  ['type', 'type'],
  ['enum', 'enum'],
  ['const', 'any'],
  ['properties', 'schema-map'],
  ['patternProperties', 'schema-map'],
  ['additionalProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['required', 'names'],
  ['minProperties', 'count'],
  ['maxProperties', 'count'],
  ['minItems', 'count'],
  ['maxItems', 'count'],
  ['uniqueItems', 'boolean'],
  ['contains', 'schema'],
  ['minLength', 'count'],
  ['maxLength', 'count'],
  ['pattern', 'pattern'],
  ['minimum', 'number'],
  ['maximum', 'number'],
  ['exclusiveMinimum', 'number'],
  ['exclusiveMaximum', 'number'],
  ['multipleOf', 'positive'],
  ['allOf', 'branches'],
  ['anyOf', 'branches'],
  ['oneOf', 'branches'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
];

const ONLY_2020_12: readonly (readonly [string, KeywordShape])[] = [
  ['$anchor', 'string'],
  ['$dynamicRef', 'reference'],
  ['$dynamicAnchor', 'string'],
  ['items', 'schema'],
  ['prefixItems', 'schemas'],
  ['unevaluatedItems', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['minContains', 'count'],
  ['maxContains', 'count'],
  ['dependentRequired', 'names-map'],
  ['dependentSchemas', 'schema-map'],
];

const ONLY_DRAFT_07: readonly (readonly [string, KeywordShape])[] = [
  ['items', 'items'],
  ['additionalItems', 'schema'],
  ['dependencies', 'dependencies'],
];

/**
 * The keywords that constrain something. Everything else in a schema is an
 * annotation (`format` too) and is left out before it reaches the compiler,
 * which has extensions of its own that an upstream must not be able to use.
 */
export const VOCABULARY: Readonly<Record<Dialect, ReadonlyMap<string, KeywordShape>>> = {
  '2020-12': new Map([...COMMON, ...ONLY_2020_12]),
  'draft-07': new Map([...COMMON, ...ONLY_DRAFT_07]),
};

const DIALECT_BY_URI: ReadonlyMap<string, Dialect> = new Map([
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
  // Not the identifier of draft-07, but in wide use for it.
  ['https://json-schema.org/draft-07/schema', 'draft-07'],
]);

/** The dialect that `$schema` names; 2020-12 when it is absent, undefined when it is another one. */
export function dialectOf($schema: unknown): Dialect | undefined {
  if ($schema === undefined) return '2020-12';
  return typeof $schema === 'string' ? DIALECT_BY_URI.get($schema.replace(/#$/, '')) : undefined;
}
