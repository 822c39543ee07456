import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts';
import { readParamHeaders } from './param-header-schema.ts';
import { buildParamHeaders, checkParamHeaders } from './param-headers.ts';

describe('header values', () => {
  it.each([
    ['echo', 'echo'],
    ['a b', 'a b'],
    ['file:///a?b=c#d', 'file:///a?b=c#d'],
    ['世界', '=?base64?5LiW55WM?='],
    ['é', '=?base64?w6k=?='],
    [' a', '=?base64?IGE=?='],
    ['a\t', '=?base64?YQk=?='],
    ['a\r\nX-Evil: 1', '=?base64?YQ0KWC1FdmlsOiAx?='],
    ['', '=?base64??='],
    ['=?base64?YQ==?=', '=?base64?PT9iYXNlNjQ/WVE9PT89?='],
  ])('%j is written as %s and read again', (text, header) => {
    expect(encodeHeaderValue(text)).toBe(header);
    expect(decodeHeaderValue(header)).toEqual({ ok: true, value: text });
  });

  it.each([
    ['  echo\t', 'echo'],
    ['', ''],
    ['=?base64?YQ==', '=?base64?YQ=='],
    ['YQ==?=', 'YQ==?='],
    ['=?base64?=', '=?base64?='],
    ['=?BASE64?YQ==?=', '=?BASE64?YQ==?='],
    ['=?utf-8?B?YQ==?=', '=?utf-8?B?YQ==?='],
  ])('%j is read as the literal %j', (header, text) => {
    expect(decodeHeaderValue(header)).toEqual({ ok: true, value: text });
  });

  it.each([
    '=?base64?!!!?=',
    '=?base64?/w==?=',
    '=?base64?YQ?=',
    '=?base64?YR==?=',
    '=?base64?YQ== ?=',
    '=?base64?YQ-_?=',
    '=?base64?YQ==YQ==?=',
    '=?base64?7aCA?=',
    'é',
    'a\u0000b',
    'a\tb',
    'a\nb',
    '\u007f',
  ])('%j is refused', (header) => {
    expect(decodeHeaderValue(header)).toEqual({ ok: false });
  });

  it('carries any text through a header of printable ASCII', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string(),
          fc.constantFrom('=?base64?', '?=', ' ').map((x) => x.repeat(2)),
        ),
        (text) => {
          const header = encodeHeaderValue(text);
          expect(header).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
          expect(decodeHeaderValue(header)).toEqual({ ok: true, value: text });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never reads two headers as different texts that encode alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (header) => {
        const decoded = decodeHeaderValue(`=?base64?${header}?=`);
        if (decoded.ok) expect(Buffer.from(decoded.value).toString('base64')).toBe(header);
      }),
    );
  });
});

const schema = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...rest,
});
const region = { type: 'string', 'x-mcp-header': 'Region' };

describe('x-mcp-header declarations', () => {
  it('are read in the order of the schema, nested ones with their path', () => {
    const input = schema({
      region,
      plain: { type: 'number' },
      nested: schema({ deep: schema({ count: { type: 'integer', 'x-mcp-header': 'Count' } }) }),
      dry: { type: 'boolean', 'x-mcp-header': 'Dry-Run' },
    });
    expect(readParamHeaders(input)).toEqual({
      ok: true,
      params: [
        { path: ['region'], name: 'Region', type: 'string' },
        { path: ['nested', 'deep', 'count'], name: 'Count', type: 'integer' },
        { path: ['dry'], name: 'Dry-Run', type: 'boolean' },
      ],
    });
    expect(readParamHeaders({ type: 'object' })).toEqual({ ok: true, params: [] });
  });

  it('do not include data and property names that look like one', () => {
    const input = schema(
      {
        'x-mcp-header': { type: 'string' },
        a: { type: 'object', default: { 'x-mcp-header': 'No' }, enum: [{ 'x-mcp-header': '' }] },
      },
      { 'x-vendor': { 'x-mcp-header': 1 } },
    );
    expect(readParamHeaders(input)).toEqual({ ok: true, params: [] });
  });

  it.each<[string, JsonObject, string]>([
    ['empty name', schema({ a: { type: 'string', 'x-mcp-header': '' } }), 'not_a_token'],
    ['name no string', schema({ a: { type: 'string', 'x-mcp-header': 1 } }), 'not_a_token'],
    ['name with space', schema({ a: { type: 'string', 'x-mcp-header': 'a b' } }), 'not_a_token'],
    ['name with line end', schema({ a: { type: 'string', 'x-mcp-header': 'a\r\nb' } }), 'not_a_token'],
    ['name ending in a line end', schema({ a: { type: 'string', 'x-mcp-header': 'a\n' } }), 'not_a_token'],
    ['name with colon', schema({ a: { type: 'string', 'x-mcp-header': 'a:b' } }), 'not_a_token'],
    ['name not ASCII', schema({ a: { type: 'string', 'x-mcp-header': 'é' } }), 'not_a_token'],
    ['same name', schema({ a: region, b: region }), 'not_unique'],
    [
      'same name in other case',
      schema({ a: region, b: { type: 'string', 'x-mcp-header': 'REGION' } }),
      'not_unique',
    ],
    ['type number', schema({ a: { type: 'number', 'x-mcp-header': 'A' } }), 'wrong_type'],
    ['type object', schema({ a: { type: 'object', 'x-mcp-header': 'A' } }), 'wrong_type'],
    ['no type', schema({ a: { 'x-mcp-header': 'A' } }), 'wrong_type'],
    ['several types', schema({ a: { type: ['string', 'null'], 'x-mcp-header': 'A' } }), 'wrong_type'],
    ['at the root', schema({}, { 'x-mcp-header': 'A' }), 'not_reachable'],
    ['in items', schema({ a: { type: 'array', items: region } }), 'not_reachable'],
    [
      'in properties of items',
      schema({ a: { type: 'array', items: schema({ b: region }) } }),
      'not_reachable',
    ],
    ['in prefixItems', schema({ a: { prefixItems: [{}, region] } }), 'not_reachable'],
    ['in anyOf', schema({ a: { anyOf: [region] } }), 'not_reachable'],
    ['in oneOf', schema({}, { oneOf: [schema({ a: region })] }), 'not_reachable'],
    ['in allOf', schema({}, { allOf: [schema({ a: region })] }), 'not_reachable'],
    ['in not', schema({ a: { not: region } }), 'not_reachable'],
    [
      'in then',
      schema({}, JSON.parse('{"then":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}')),
      'not_reachable',
    ],
    ['in additionalProperties', schema({}, { additionalProperties: region }), 'not_reachable'],
    ['in patternProperties', schema({}, { patternProperties: { '^a': region } }), 'not_reachable'],
    ['in $defs', schema({}, { $defs: { a: region } }), 'not_reachable'],
    ['in definitions', schema({}, { definitions: { a: region } }), 'not_reachable'],
    ['in dependentSchemas', schema({}, { dependentSchemas: { a: region } }), 'not_reachable'],
  ])('%s: the tool is dropped', (_name, input, problem) => {
    expect(readParamHeaders(input)).toEqual({ ok: false, problem });
  });

  it('are at most 64', () => {
    const many = (count: number): JsonObject =>
      schema(
        Object.fromEntries(
          Array.from({ length: count }, (_, k) => [`p${k}`, { type: 'string', 'x-mcp-header': `H${k}` }]),
        ),
      );
    expect(readParamHeaders(many(64))).toMatchObject({ ok: true });
    expect(readParamHeaders(many(65))).toEqual({ ok: false, problem: 'too_many' });
  });
});

const declared = (() => {
  const read = readParamHeaders(
    schema({
      region,
      n: { type: 'integer', 'x-mcp-header': 'N' },
      dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
      in: schema({ er: { type: 'string', 'x-mcp-header': 'Inner' } }),
    }),
  );
  if (!read.ok) throw new Error(read.problem);
  return read.params;
})();

describe('Mcp-Param headers', () => {
  it('are built from the values that are there', () => {
    expect(buildParamHeaders(declared, { region: 'żółć', n: 42, dry: false, in: { er: 'x y' } })).toEqual({
      'Mcp-Param-Region': '=?base64?xbzDs8WCxIc=?=',
      'Mcp-Param-N': '42',
      'Mcp-Param-Dry': 'false',
      'Mcp-Param-Inner': 'x y',
    });
    expect(buildParamHeaders(declared, { region: null, n: [1], in: 'x', dry: {} })).toEqual({});
    expect(buildParamHeaders(declared, { toString: 1, n: 2 ** 60 })).toEqual({});
  });

  it.each<[string, JsonObject, Record<string, string | string[]>, boolean]>([
    ['equal', { region: 'us' }, { 'mcp-param-region': 'us' }, true],
    ['encoded', { region: 'é' }, { 'mcp-param-region': '=?base64?w6k=?=' }, true],
    ['different', { region: 'eu' }, { 'mcp-param-region': 'us' }, false],
    ['missing', { region: 'eu' }, {}, false],
    ['twice', { region: 'eu' }, { 'mcp-param-region': ['eu', 'eu'] }, false],
    ['badly encoded', { region: 'eu' }, { 'mcp-param-region': '=?base64?!?=' }, false],
    ['other case of a value', { region: 'eu' }, { 'mcp-param-region': 'EU' }, false],
    ['value null, no header', { region: null }, {}, true],
    ['no value, header ignored', {}, { 'mcp-param-region': 'us' }, true],
    ['unknown header ignored', {}, { 'mcp-param-x': 'us' }, true],
    ['integer', { n: 42 }, { 'mcp-param-n': '42' }, true],
    ['integer as decimal', { n: 42 }, { 'mcp-param-n': '42.0' }, true],
    ['other integer', { n: 42 }, { 'mcp-param-n': '43' }, false],
    ['hexadecimal', { n: 42 }, { 'mcp-param-n': '0x2a' }, false],
    ['exponent', { n: 100 }, { 'mcp-param-n': '1e2' }, false],
    ['empty for zero', { n: 0 }, { 'mcp-param-n': '' }, false],
    ['string of digits is compared as text', { region: '42' }, { 'mcp-param-region': '42.0' }, false],
    ['boolean', { dry: true }, { 'mcp-param-dry': 'true' }, true],
    ['boolean in other case', { dry: true }, { 'mcp-param-dry': 'True' }, false],
    ['nested missing', { in: { er: 'x' } }, {}, false],
  ])('received %s', (_name, args, received, isOk) => {
    expect(checkParamHeaders(declared, args, received)).toMatchObject(
      isOk ? { ok: true } : { ok: false, code: -32020 },
    );
  });

  it('agree with what was built, for any values', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), (text, n, dry) => {
        const args = { region: text, n, dry, in: { er: text } };
        const sent = Object.fromEntries(
          Object.entries(buildParamHeaders(declared, args)).map(([name, value]) => [
            name.toLowerCase(),
            value,
          ]),
        );
        expect(checkParamHeaders(declared, args, sent)).toEqual({ ok: true });
      }),
    );
  });
});
