import { bareTool, readTool, withParams } from '../../examples.ts';
import { output, param, schema, text } from '../../fixtures/inputs.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

const TEXT = { type: 'string', description: 'Part of the subject.' };
const OBJECT = { type: 'object', properties: { b: TEXT } };

ruleTable('schema', {
  'schema/object-root': {
    valid: [schema({ type: 'object' })],
    invalid: [
      schema({ $schema: 'http://json-schema.org/draft-07/schema#' }),
      schema({ type: 'array', items: TEXT }),
      { tools: [readTool({ inputSchema: undefined })] },
      schema(true),
      schema(null),
      schema({ type: ['object', 'null'] }),
    ],
  },
  'schema/valid': {
    valid: [
      schema({ type: 'object', properties: { a: TEXT } }),
      schema({ type: 'array' }),
      schema({
        type: 'object',
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: { A: TEXT },
        properties: { a: { $ref: '#/definitions/A' } },
      }),
    ],
    invalid: [
      { input: schema({ type: 'object', properties: [] }), paths: ['/inputSchema'] },
      text('a', 'x', { pattern: '(' }),
      text('a', 'x', { pattern: 5 }),
      param('a', { $ref: '#/$defs/gone' }),
      param('a', { type: 'text' }),
      schema({ type: 'object', $schema: 'https://json-schema.org/draft/2019-09/schema' }),
    ],
  },
  'schema/additional-properties': {
    valid: [
      schema({ type: 'object', additionalProperties: false, properties: { a: TEXT } }),
      schema({ type: 'object', unevaluatedProperties: false, properties: { a: TEXT } }),
      schema({ type: 'object', additionalProperties: { type: 'string' }, properties: { a: TEXT } }),
      schema({ type: 'object', properties: { a: TEXT }, allOf: [OBJECT] }),
      // Without parameters it is another rule's.
      schema({ type: 'object' }),
    ],
    invalid: [
      schema({ type: 'object', properties: { a: TEXT } }),
      schema({ type: 'object', properties: { a: TEXT }, additionalProperties: true }),
      schema({ type: 'object', properties: { a: TEXT }, additionalProperties: {} }),
    ],
  },
  'schema/additional-properties-nested': {
    valid: [
      param('a', { ...OBJECT, additionalProperties: false }),
      param('a', { type: 'object', additionalProperties: { type: 'string' } }),
      param('a', { type: 'object' }),
      param('a', { allOf: [OBJECT, OBJECT] }),
      param('a', { type: 'object', patternProperties: { '^x': TEXT }, properties: { b: TEXT } }),
    ],
    invalid: [
      { input: param('a', { type: 'array', items: OBJECT }), paths: ['/inputSchema/properties/a/items'] },
      param('a', { anyOf: [OBJECT, TEXT] }),
      schema({ type: 'object', $defs: { A: OBJECT } }),
    ],
  },
  'schema/empty-params': {
    valid: [
      { tools: [bareTool()] },
      schema({ type: 'object', properties: {}, additionalProperties: false }),
      schema({ type: 'object', properties: { a: TEXT } }),
      schema({ type: 'object', additionalProperties: { type: 'string' } }),
    ],
    invalid: [schema({ type: 'object' }), schema({ type: 'object', properties: {} })],
  },
  'schema/ref': {
    valid: [param('a', TEXT), param('a', { $ref: 'https://example.com/a.json' })],
    invalid: [
      {
        input: schema({
          type: 'object',
          $defs: { A: TEXT },
          properties: { a: { $ref: '#/$defs/A' }, b: { $ref: '#/$defs/A' } },
        }),
        says: '2 references',
      },
    ],
  },
  'schema/remote-ref': {
    valid: [param('a', { $ref: '#/$defs/A' })],
    invalid: [
      { input: param('a', { $ref: 'https://example.com/a.json' }), paths: ['/inputSchema/properties/a'] },
      param('a', { $ref: 'file:///etc/passwd' }),
      output({ a: { $ref: 'other.json' } }),
    ],
  },
  'schema/recursion': {
    valid: [
      schema({
        type: 'object',
        $defs: { A: TEXT, B: { type: 'object', properties: { a: { $ref: '#/$defs/A' } } } },
        properties: { b: { $ref: '#/$defs/B' } },
      }),
      param('a', { $ref: '#/$defs/gone' }),
    ],
    invalid: [
      schema({ type: 'object', properties: { a: { $ref: '#' } } }),
      schema({
        type: 'object',
        $defs: { A: { type: 'array', items: { $ref: '#/$defs/A' } } },
        properties: { a: { $ref: '#/$defs/A' } },
      }),
      schema({
        type: 'object',
        $defs: { A: { anyOf: [{ $ref: '#/$defs/B' }] }, B: { anyOf: [{ $ref: '#/$defs/A' }] } },
        properties: { a: { $ref: '#/$defs/A' } },
      }),
    ],
  },
  'schema/root-union': {
    valid: [param('a', { anyOf: [TEXT, OBJECT] })],
    invalid: [
      { input: schema({ type: 'object', oneOf: [OBJECT] }), paths: ['/inputSchema/oneOf'] },
      schema({ anyOf: [OBJECT] }),
      schema({ type: 'object', allOf: [OBJECT] }),
    ],
  },
  'schema/union-typed': {
    valid: [
      param('a', { anyOf: [TEXT, { const: 5 }, { $ref: '#/$defs/A' }] }),
      param('a', { type: 'string', anyOf: [{ minLength: 5 }, { maxLength: 2 }] }),
      schema({ type: 'object', anyOf: [{ required: ['a'] }] }),
    ],
    invalid: [
      {
        input: param('a', { oneOf: [TEXT, { description: 'other' }] }),
        paths: ['/inputSchema/properties/a/oneOf/1'],
      },
    ],
  },
  'schema/type-array-object': {
    valid: [param('a', { type: ['string', 'null'] }), param('a', { type: 'object' })],
    invalid: [
      { input: param('a', { type: ['object', 'null'] }), paths: ['/inputSchema/properties/a/type'] },
      param('a', { type: 'array', items: { type: ['array', 'null'] } }),
    ],
  },
  'schema/array-items': {
    valid: [
      param('a', { type: 'array', items: {} }),
      param('a', { type: 'array', prefixItems: [TEXT] }),
      param('a', TEXT),
    ],
    invalid: [param('a', { type: 'array' }), param('a', { anyOf: [{ type: 'array' }, { type: 'null' }] })],
  },
  'schema/tuple': {
    valid: [param('a', { type: 'array', items: TEXT })],
    invalid: [
      param('a', { type: 'array', items: [TEXT] }),
      param('a', { type: 'array', prefixItems: [TEXT] }),
    ],
  },
  'schema/format-portable': {
    valid: [text('a', 'x', { format: 'date-time' }), text('a', 'x', { format: 'uuid' })],
    invalid: [
      text('a', 'x', { format: 'uri' }),
      text('a', 'x', { format: 'password' }),
      param('a', { type: 'integer', format: 'int32' }),
    ],
  },
  'schema/pattern-portable': {
    valid: [
      text('a', 'x', { pattern: '^[a-z]+$' }),
      text('a', 'x', { pattern: '^(?:[a-z]+\\.)*[a-z]+$' }),
      text('a', 'x', { pattern: '^(a|b)+$' }),
      text('a', 'x', { pattern: '^[(+)+]+$' }),
      text('a', 'x', { pattern: '^(a{2,5}b)+$' }),
      text('a', 'x', { pattern: '\\(a+\\)+' }),
    ],
    invalid: [
      { input: text('a', 'x', { pattern: '^(a+)+$' }), says: 'repetition' },
      text('a', 'x', { pattern: '^(\\d+,?)*$' }),
      text('a', 'x', { pattern: '^(a{2,})+$' }),
      text('a', 'x', { pattern: '^((x|a*))*$' }),
      { input: text('a', 'x', { pattern: '(?=a)' }), says: 'look-ahead' },
      text('a', 'x', { pattern: '(?<!a)b' }),
      text('a', 'x', { pattern: '\\p{L}' }),
      text('a', 'x', { pattern: '(a)\\1' }),
    ],
  },
  'schema/pattern-bloat': {
    valid: [text('a', 'x', { pattern: 'x'.repeat(90) }), text('a', 'x', { format: 'uuid', pattern: '^x' })],
    invalid: [text('a', 'x', { format: 'uuid', pattern: 'x'.repeat(81) })],
  },
  'schema/unsatisfiable': {
    valid: [
      param('a', { type: 'number', minimum: 5, maximum: 5 }),
      param('a', { allOf: [{ type: 'string' }, { type: ['string', 'null'] }] }),
    ],
    invalid: [
      param('a', { type: 'number', minimum: 6, maximum: 5 }),
      param('a', { type: 'array', minItems: 2, maxItems: 1 }),
      param('a', { allOf: [{ type: 'string' }, { type: 'number' }] }),
      output({ a: { type: 'string', minLength: 5, maxLength: 1 } }),
    ],
  },
  'schema/dialect': {
    valid: [
      schema({ type: 'object' }),
      schema({ type: 'object', $schema: 'https://json-schema.org/draft/2020-12/schema' }),
    ],
    invalid: [schema({ type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' })],
  },
  'schema/noise': {
    valid: [
      text('page_size', 'x', { title: 'Items on one page' }),
      schema({ type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' }),
    ],
    invalid: [
      {
        input: text('page_size', 'x', { title: 'Page Size' }),
        paths: ['/inputSchema/properties/page_size/title'],
      },
      text('a', 'x', { $comment: 'note' }),
      text('a', 'x', { examples: [] }),
      schema({ type: 'object', title: 'SearchArguments' }),
      schema({ type: 'object', $schema: 'https://json-schema.org/draft/2020-12/schema' }),
    ],
  },
  'schema/size': {
    valid: [{ tools: [readTool()] }],
    invalid: [text('a', 'x'.repeat(5_000))],
  },
  'schema/prototype-keys': {
    valid: [text('proto', 'x'), text('construct', 'x')],
    invalid: [
      {
        tools: [
          JSON.parse(
            '{"name":"a","inputSchema":{"type":"object","properties":{"__proto__":{"type":"string"}}}}',
          ),
        ],
      },
      { tools: [withParams({ prototype: TEXT })] },
      output({ constructor: TEXT }),
    ],
  },
});
