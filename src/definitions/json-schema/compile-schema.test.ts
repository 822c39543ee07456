import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { compileSchema, type Violation } from './index.ts';

function validator(schema: JsonObject, strictRoot = true): (args: JsonObject) => Violation[] {
  const compiled = compileSchema(schema, { strictRoot });
  if (!compiled.ok) throw new Error(`the schema ${compiled.problem}`);
  return compiled.validate;
}

/** Violations of one member `x` under `schema`. */
function violationsOf(schema: JsonObject | boolean, x: unknown, defs: JsonObject = {}): string[] {
  const validate = validator({ type: 'object', properties: { x: schema }, $defs: defs });
  return validate({ x } as JsonObject).map(({ path, expected }) => `${path} ${expected}`);
}

describe('a schema of a dialect', () => {
  it.each([
    [undefined, '2020-12'],
    ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
    ['https://json-schema.org/draft/2020-12/schema#', '2020-12'],
    ['http://json-schema.org/draft-07/schema#', 'draft-07'],
    ['http://json-schema.org/draft-07/schema', 'draft-07'],
  ])('%s is read as %s', (dialect, expected) => {
    const schema = dialect === undefined ? { type: 'object' } : { $schema: dialect, type: 'object' };
    expect(compileSchema(schema, { strictRoot: true })).toMatchObject({ ok: true, dialect: expected });
  });

  it.each([
    'https://json-schema.org/draft/2019-09/schema',
    'http://json-schema.org/draft-04/schema#',
    '',
    7,
    null,
  ])('%s is refused and not guessed at', ($schema) => {
    expect(compileSchema({ $schema, type: 'object' } as JsonObject, { strictRoot: true })).toEqual({
      ok: false,
      problem: 'is written in a dialect other than 2020-12 and draft-07',
    });
  });

  it('has the keywords of that dialect', () => {
    const tuple = { type: 'array', items: [{ type: 'string' }], additionalItems: false };
    const draft07 = validator({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { x: tuple },
      dependencies: { a: ['b'] },
    });
    expect(draft07({ x: ['a'] })).toEqual([]);
    expect(draft07({ x: [1] })).toEqual([{ path: '/x/0', expected: 'must be string' }]);
    expect(draft07({ x: ['a', 'b'] })).toHaveLength(1);
    expect(draft07({ a: 1 })).toEqual([
      { path: '', expected: 'must have the member `b` because it has `a`' },
    ]);
    expect(compileSchema({ type: 'object', properties: { x: tuple } }, { strictRoot: true }).ok).toBe(false);
    expect(violationsOf({ prefixItems: [{ type: 'string' }], items: false }, ['a', 1])).toHaveLength(1);
  });
});

describe('the strict root', () => {
  it('refuses members that the schema does not declare, by name', () => {
    const validate = validator({ type: 'object', properties: { a: {} } });
    expect(validate({ a: 1 })).toEqual([]);
    expect(validate({ a: 1, b: 2, c: 3 })).toEqual([
      { path: '', expected: 'unknown member `b`' },
      { path: '', expected: 'unknown member `c`' },
    ]);
  });

  it.each<JsonObject>([
    { additionalProperties: true },
    { unevaluatedProperties: true },
    { patternProperties: { '^x': {} } },
    { allOf: [{ properties: { b: {} } }] },
    { anyOf: [true] },
    { oneOf: [true] },
    { not: false },
    { if: true },
    { $ref: '#/$defs/more', $defs: { more: {} } },
    { dependentSchemas: { a: true } },
  ])('leaves further members alone where the schema itself decides about them: %o', (keyword) => {
    expect(validator({ type: 'object', properties: { a: {} }, ...keyword })({ a: 1, b: 2 })).toEqual([]);
  });

  it('lets any member pass when none is declared, but none when the declaration is empty', () => {
    expect(validator({ type: 'object' })({ b: 1 })).toEqual([]);
    expect(validator({ type: 'object', properties: {} })({ b: 1 })).toHaveLength(1);
  });

  it('can be switched off', () => {
    expect(validator({ type: 'object', properties: { a: {} } }, false)({ b: 1 })).toEqual([]);
  });

  it('takes inherited names for what they are: not declared', () => {
    const args = JSON.parse('{"constructor":1,"toString":2}') as JsonObject;
    expect(validator({ type: 'object', properties: { a: {} } })(args)).toHaveLength(2);
  });

  it('shows a hostile name so that it breaks nothing, and cuts it', () => {
    const validate = validator({ type: 'object', properties: { a: {} } });
    const [violation] = validate({ ['`\n\u202e\u0000'.concat('x'.repeat(10_000))]: 1 });
    expect(violation?.expected).toMatch(/^unknown member `\\u0060\\u000a\\u202e\\u0000x+…`$/);
    expect(violation?.expected.length).toBeLessThan(120);
  });
});

describe('violations', () => {
  it.each<[JsonObject | boolean, unknown, string[]]>([
    [{ type: 'integer' }, 'a', ['/x must be integer']],
    [{ type: ['string', 'null'] }, 1, ['/x must be string or null']],
    [{ enum: ['a', 1, null] }, 'b', ['/x must be one of "a", 1 or null']],
    [{ const: 'a' }, 'b', ['/x must be "a"']],
    [{ required: ['a'] }, {}, ['/x must have the member `a`']],
    [{ properties: { a: {} }, additionalProperties: false }, { b: 1 }, ['/x unknown member `b`']],
    [{ properties: { a: {} }, unevaluatedProperties: false }, { b: 1 }, ['/x unknown member `b`']],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      ['/x must have at most 1 characters', '/x has a member whose name is not allowed: `ab`'],
    ],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, ['/x must have the member `b` because it has `a`']],
    [{ pattern: '^a$' }, 'b', ['/x must match the pattern `^a$`']],
    [{ minLength: 2 }, 'a', ['/x must have at least 2 characters']],
    [{ maxLength: 2 }, 'abc', ['/x must have at most 2 characters']],
    [{ minimum: 1 }, 0, ['/x must be at least 1']],
    [{ maximum: 1 }, 2, ['/x must be at most 1']],
    [{ exclusiveMinimum: 1 }, 1, ['/x must be more than 1']],
    [{ exclusiveMaximum: 1 }, 1, ['/x must be less than 1']],
    [{ multipleOf: 2 }, 3, ['/x must be a multiple of 2']],
    [{ minItems: 1 }, [], ['/x must have at least 1 items']],
    [{ maxItems: 1 }, [1, 2], ['/x must have at most 1 items']],
    [{ minProperties: 1 }, {}, ['/x must have at least 1 members']],
    [{ maxProperties: 1 }, { a: 1, b: 2 }, ['/x must have at most 1 members']],
    [{ uniqueItems: true }, [1, 1], ['/x must not have the same item twice']],
    [
      { contains: { const: 1 } },
      [2],
      ['/x/0 must be 1', '/x must have an item of the kind that its schema names in `contains`'],
    ],
    [{ not: { type: 'string' } }, 'a', ['/x must not be what its schema excludes']],
    [
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is a keyword of JSON Schema.
      { if: { const: 'a' }, then: { minLength: 2 } },
      'a',
      [
        '/x must have at least 2 characters',
        '/x must match the part of its schema that applies under its condition',
      ],
    ],
    [false, 1, ['/x is not allowed']],
    [{ items: { type: 'string' } }, ['a', 1], ['/x/1 must be string']],
  ])('of %o say what is expected', (schema, x, expected) => {
    expect(violationsOf(schema, x)).toEqual(expected);
  });

  describe('of alternatives', () => {
    const tagged = {
      oneOf: ['a', 'b'].map((kind) => ({
        type: 'object',
        properties: { kind: { const: kind }, [kind]: { type: 'string' } },
        required: ['kind', kind],
      })),
    };
    const defs = { M: { type: 'object', required: ['m'] }, N: { type: 'object', required: ['n'] } };

    it.each<[string, JsonObject, unknown, string[]]>([
      [
        'name the kinds that are possible',
        { anyOf: [{ type: 'string' }, { type: 'null' }] },
        1,
        ['/x must be string or null'],
      ],
      [
        'name what is missing in the one whose kind fits',
        { anyOf: [{ $ref: '#/$defs/M' }, { type: 'null' }] },
        {},
        ['/x must have the member `m`'],
      ],
      [
        'name what is missing in the one whose tag fits',
        tagged,
        { kind: 'b' },
        ['/x must have the member `b`'],
      ],
      [
        'say so when none fits better than another',
        { anyOf: [{ $ref: '#/$defs/M' }, { $ref: '#/$defs/N' }] },
        {},
        ['/x must match one of the 2 alternatives of its schema'],
      ],
      [
        'say so when too many fit',
        { oneOf: [{ type: 'string' }, { minLength: 1 }] },
        'a',
        ['/x must match exactly one of the 2 alternatives of its schema'],
      ],
    ])('%s', (_name, schema, x, expected) => {
      expect(violationsOf(schema, x, defs)).toEqual(expected);
    });

    it('leave the violations beside them standing', () => {
      const schema = {
        required: ['r'],
        properties: { n: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      };
      const expected = violationsOf(schema, { n: 1 });
      expect(expected).toContain('/x must match one of the 2 alternatives of its schema');
      expect(expected).toContain('/x must have the member `r`');
      expect(expected).toContain('/x/n must be string');
    });
  });

  it('are ten at most, and cost little for an array full of them', () => {
    const schema = { type: 'array', items: { type: 'string' } };
    expect(
      violationsOf(
        schema,
        Array.from({ length: 50_000 }, (_, index) => index),
      ),
    ).toHaveLength(10);
  });

  it.each(['anyOf', 'oneOf'])('of one branch, however many, do not decide for another: %s', (keyword) => {
    const numbers = { type: 'array', items: { type: 'number' } };
    const texts = { type: 'array', items: { type: 'string' } };
    const x = Array.from({ length: 200 }, () => 'a');
    expect(violationsOf({ [keyword]: [numbers, texts] }, x)).toEqual([]);
    const branches = [{ $ref: '#/$defs/numbers' }, { $ref: '#/$defs/texts' }];
    expect(violationsOf({ [keyword]: branches }, x, { numbers, texts })).toEqual([]);
    expect(violationsOf({ not: numbers }, x)).toEqual([]);
    expect(violationsOf({ if: numbers, else: texts }, x)).toEqual([]);
  });

  it('repeat no value of the arguments', () => {
    const secret = 'sk-live-secret';
    for (const schema of [
      { type: 'integer' },
      { enum: ['a'] },
      { const: 1 },
      { pattern: '^a$' },
      { maxLength: 1 },
      { format: 'uri' },
      { not: {} },
      { anyOf: [{ type: 'null' }, { maxLength: 2 }] },
    ]) {
      expect(JSON.stringify(violationsOf(schema, secret))).not.toContain('secret');
    }
  });

  it('cut the lists and texts of the schema', () => {
    const [violation] = violationsOf(
      { enum: Array.from({ length: 500 }, (_, index) => `${index}`.padEnd(100, 'x')) },
      1,
    );
    expect(violation?.length).toBeLessThan(1_000);
    expect(violation).toContain('(500 in all)');
    expect(violationsOf({ pattern: `^${'a'.repeat(900)}$` }, 'b')[0]?.length).toBeLessThan(150);
  });

  it('cut a path that is made of the names of members', () => {
    const nested = { type: 'object', additionalProperties: { type: 'integer' } };
    const [violation] = validator({ type: 'object', properties: { x: nested } })({
      x: { ['k'.repeat(5_000)]: 'a' },
    });
    expect(violation?.path.length).toBeLessThan(220);
  });
});

describe('what the rules of JSON Schema say', () => {
  it.each<[JsonObject, unknown, boolean]>([
    [{ uniqueItems: true }, [1, '1', true, 'true', null, [1], { a: 1 }], true],
    [
      { uniqueItems: true },
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      false,
    ],
    [{ uniqueItems: true }, [0, -0], false],
    [{ uniqueItems: false }, [1, 1], true],
    [{ enum: [{ a: 1, b: 2 }, 1.0] }, { b: 2, a: 1 }, true],
    [{ enum: [{ a: 1 }] }, { a: '1' }, false],
    [{ minLength: 2 }, '😀', false],
    [{ minLength: 2 }, '😀😀', true],
    [{ maxLength: 2 }, '😀😀', true],
    [{ maxLength: 1 }, '😀😀', false],
    [{ maxLength: 0 }, '', true],
    [{ format: 'email' }, 'not an address', true],
    [{ nullable: true, type: 'string' }, null, false],
    [{ type: 'integer' }, 1.0, true],
    [{ minimum: 5 }, 'a string', true],
  ])('%o of %o is %s', (schema, x, isValid) => {
    expect(violationsOf(schema, x)).toHaveLength(isValid ? 0 : 1);
  });

  it('needs own members, not inherited ones', () => {
    expect(validator({ type: 'object', required: ['constructor'] })({})).toEqual([
      { path: '', expected: 'must have the member `constructor`' },
    ]);
    expect(validator({ type: 'object', required: ['constructor'] })({ constructor: 1 })).toEqual([]);
  });

  it.each(['const', 'enum'])('compares by members alone, whatever they are called: %s', (keyword) => {
    for (const name of ['constructor', 'valueOf', 'toString', 'hasOwnProperty', 'length']) {
      const wanted = { [name]: { a: 1 } };
      const schema = { [keyword]: keyword === 'enum' ? [wanted] : wanted };
      expect(violationsOf(schema, { [name]: { a: 1 } })).toEqual([]);
      expect(violationsOf(schema, { [name]: { a: 2 } })).toHaveLength(1);
      expect(violationsOf(schema, {})).toHaveLength(1);
    }
  });

  it('follows references within the schema, also to itself', () => {
    const validate = validator({
      type: 'object',
      properties: { tree: { $ref: '#/$defs/node' } },
      $defs: {
        node: {
          type: 'object',
          properties: { children: { type: 'array', items: { $ref: '#/$defs/node' } } },
          additionalProperties: false,
        },
      },
    });
    expect(validate({ tree: { children: [{ children: [] }] } })).toEqual([]);
    expect(validate({ tree: { children: [{ children: [{ x: 1 }] }] } })).toEqual([
      { path: '/tree/children/0/children/0', expected: 'unknown member `x`' },
    ]);
  });

  it('keeps two schemas with one `$id` apart', () => {
    const $id = 'https://example.com/shared';
    const strict = validator({ $id, type: 'object', properties: { x: { type: 'string' } } });
    const lax = validator({ $id, type: 'object', properties: { x: {} } });
    expect(strict({ x: 1 })).toHaveLength(1);
    expect(lax({ x: 1 })).toEqual([]);
  });

  it('gives the same answer every time', () => {
    const validate = validator({ type: 'object', properties: { x: { enum: [1] } } });
    const first = validate({ x: 2 });
    expect(validate({ x: 1 })).toEqual([]);
    expect(validate({ x: 2 })).toEqual(first);
  });
});
