import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import { compileSchema } from './index.ts';

function compile(schema: JsonObject) {
  return compileSchema(schema, { strictRoot: true });
}

function problemOf(schema: unknown): string {
  const compiled = compileSchema(schema, { strictRoot: true });
  return compiled.ok ? 'none' : compiled.problem;
}

function withX(x: JsonValue, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties: { x }, ...more };
}

/** Validates and returns what came out, and how long it took. The bounds below leave room for a busy machine. */
function timed(schema: JsonObject, args: JsonObject): { expected: string[]; ms: number } {
  const compiled = compile(schema);
  if (!compiled.ok) throw new Error(compiled.problem);
  const start = process.cpuUsage();
  const violations = compiled.validate(args);
  const used = process.cpuUsage(start);
  return {
    expected: violations.map((violation) => violation.expected),
    ms: (used.user + used.system) / 1_000,
  };
}

const TOO_EXPENSIVE = 'must be smaller: checking it takes too long';

function nested(levels: number, wrap: (inner: JsonObject) => JsonObject): JsonObject {
  let schema: JsonObject = { type: 'string' };
  for (let level = 0; level < levels; level += 1) schema = wrap(schema);
  return schema;
}

describe('a schema is refused that', () => {
  it.each<[string, unknown, RegExp]>([
    ['is no object', true, /^is not an object$/],
    ['is null', null, /^is not an object$/],
    ['is an array', [], /^is not an object$/],
    ['is not for an object', { type: 'string' }, /type `object`/],
    ['is not only for an object', { type: ['object', 'null'] }, /type `object`/],
    ['leads to another host', withX({ $ref: 'http://127.0.0.1/schema' }), /\$ref/],
    ['leads to a file', withX({ $ref: 'file:///etc/passwd' }), /\$ref/],
    ['leads nowhere', withX({ $ref: '#/$defs/missing' }), /\$ref/],
    ['leads to a meta-schema', withX({ $ref: 'https://json-schema.org/draft/2020-12/schema' }), /\$ref/],
    ['is 500 levels deep', withX(nested(500, (inner) => ({ properties: { a: inner } }))), /levels deep/],
    [
      'is 33 levels deep',
      nested(32, (inner) => ({ properties: { a: inner }, type: 'object' })),
      /levels deep/,
    ],
    [
      'has 257 branches',
      withX({ anyOf: Array.from({ length: 257 }, () => ({ type: 'string' })) }),
      /branches/,
    ],
    [
      'has too many subschemas',
      withX(
        {},
        { properties: Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`p${index}`, {}])) },
      ),
      /subschemas/,
    ],
    ['is too large', withX({ description: 'x'.repeat(70_000) }), /larger than/],
    ['has an enum of 100,000', withX({ enum: Array.from({ length: 100_000 }, (_, index) => index) }), /enum/],
    [
      'has a member named __proto__',
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
      /__proto__/,
    ],
    ['has a pattern that is none', withX({ pattern: '(' }), /regular expression/],
    ['has a pattern that is too long', withX({ pattern: 'a'.repeat(1_001) }), /too long/],
    [
      'has huge patterns',
      withX(
        {},
        {
          patternProperties: Object.fromEntries(
            Array.from({ length: 20 }, (_, index) => [`a{1000}${index}`, {}]),
          ),
        },
      ),
      /too large together/,
    ],
    ['has a type that is none', withX({ type: 'strin' }), /`type`/],
    ['has a type twice', withX({ type: ['string', 'string'] }), /`type`/],
    ['has a bound that is no number', withX({ minimum: '1; process.exit()' }), /`minimum`/],
    ['divides by zero', withX({ multipleOf: 0 }), /`multipleOf`/],
    ['has a negative length', withX({ minLength: -1 }), /`minLength`/],
    ['has a draft-04 exclusiveMinimum', withX({ minimum: 1, exclusiveMinimum: true }), /`exclusiveMinimum`/],
    ['requires no list', withX({ required: 'a' }), /`required`/],
    ['has an empty anyOf', withX({ anyOf: [] }), /`anyOf`/],
    ['has a subschema that is none', withX({ items: 'x' }), /`items`/],
    ['has properties that are a list', { type: 'object', properties: [] }, /`properties`/],
    ['has an `$id` that is no text', { type: 'object', $id: 5 }, /`\$id`/],
  ])('%s', (_name, schema, problem) => {
    expect(problemOf(schema)).toMatch(problem);
  });

  it('overflows the stack of whoever walks it', () => {
    let deep: JsonValue = [];
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    expect(problemOf(withX({ const: deep }))).toBe('is nested too deeply');
    expect(problemOf(withX({ default: deep }))).toBe('is nested too deeply');
  });

  it('would take seconds to compile', () => {
    const bomb = withX(nested(14, (inner) => ({ anyOf: [inner, inner] })));
    expect(problemOf(bomb)).toMatch(/subschemas|branches/);
  });

  it('is told of without a word of its own', () => {
    expect(problemOf(withX({ $ref: 'http://10.0.0.1/secret' }))).not.toContain('secret');
    expect(problemOf(withX({ type: 'a-secret' }))).not.toContain('a-secret');
  });
});

describe('the compiler', () => {
  it('ignores extensions that a schema tries to use', () => {
    const compiled = compile(
      withX({
        type: 'string',
        $async: true,
        discriminator: { propertyName: 'a' },
        formatMinimum: 'x',
        'x-cost': 'x',
      } as JsonObject),
    );
    expect(compiled).toMatchObject({ ok: true });
    if (compiled.ok)
      expect(compiled.validate({ x: 1 })).toEqual([{ path: '/x', expected: 'must be string' }]);
  });

  it('cannot be made to charge less by a keyword of the schema', () => {
    const { expected } = timed(withX({ type: 'array', items: { 'x-cost': -1_000_000, type: 'integer' } }), {
      x: Array.from({ length: 1_100_000 }, () => 1),
    });
    expect(expected).toEqual([TOO_EXPENSIVE]);
  });

  it('takes names and texts of a schema as data, not as code', () => {
    const names = [
      '";process.exit(1);"',
      '`${process.exit(1)}`',
      "'+process.exit(1)+'",
      '*/process.exit(1)/*',
      '\u2028',
      '\\',
    ];
    for (const name of names) {
      const compiled = compile({
        type: 'object',
        properties: { [name]: { const: name, type: 'string' } },
        required: [name],
      });
      expect(compiled.ok).toBe(true);
      if (!compiled.ok) continue;
      expect(compiled.validate({ [name]: name })).toEqual([]);
      expect(compiled.validate({ [name]: 'other' })).toHaveLength(1);
      expect(compiled.validate({})).toHaveLength(1);
    }
  });

  it('compiles the largest admissible schemas within a second', () => {
    const wide = withX(
      {},
      {
        properties: Object.fromEntries(
          Array.from({ length: 990 }, (_, index) => [`p${index}`, { type: 'object', minProperties: 1 }]),
        ),
      },
    );
    const unevaluated = nested(8, (inner) => ({
      type: 'object',
      properties: { a: inner, b: inner },
      unevaluatedProperties: false,
    }));
    for (const schema of [wide, unevaluated]) {
      const start = process.cpuUsage();
      expect(compile(schema).ok).toBe(true);
      expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_500);
    }
  });
});

describe('a validation ends in time', () => {
  it('against a pattern that backtracks', () => {
    const { expected, ms } = timed(withX({ pattern: '^(a+)+$' }), { x: `${'a'.repeat(50_000)}!` });
    expect(expected).toHaveLength(1);
    expect(ms).toBeLessThan(500);
  });

  it('against a pattern with very many states', () => {
    const text = Array.from({ length: 400_000 }, (_, index) => ((index * 7_919) % 13 < 6 ? 'a' : 'b')).join(
      '',
    );
    const { expected, ms } = timed(withX({ pattern: '(a|b)*a(a|b){500}$' }), { x: text });
    expect(expected).toEqual([TOO_EXPENSIVE]);
    expect(ms).toBeLessThan(500);
  });

  it('when references double the work at each level', () => {
    const $defs: JsonObject = { l30: { type: 'string' } };
    for (let level = 0; level < 30; level += 1) {
      $defs[`l${level}`] = { allOf: [{ $ref: `#/$defs/l${level + 1}` }, { $ref: `#/$defs/l${level + 1}` }] };
    }
    const { expected, ms } = timed(withX({ $ref: '#/$defs/l0' }, { $defs }), { x: 'a' });
    expect(expected).toEqual([TOO_EXPENSIVE]);
    expect(ms).toBeLessThan(1_500);
  });

  it('when alternatives double the work at each level of the arguments', () => {
    const branch = { type: 'object', properties: { a: { $ref: '#/$defs/n' } }, required: ['a'] };
    let x: JsonValue = {};
    for (let level = 0; level < 60; level += 1) x = { a: x };
    const { expected, ms } = timed(
      withX({ $ref: '#/$defs/n' }, { $defs: { n: { anyOf: [branch, branch] } } }),
      { x },
    );
    expect(expected).toEqual([TOO_EXPENSIVE]);
    expect(ms).toBeLessThan(3_000);
  });

  it('when a reference leads to itself', () => {
    for (const $defs of [
      { a: { $ref: '#/$defs/a' } },
      { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
    ]) {
      expect(timed(withX({ $ref: '#/$defs/a' }, { $defs }), { x: 1 }).expected).toEqual([TOO_EXPENSIVE]);
    }
  });

  it('when every item of a long array has to be unique', () => {
    const items = Array.from({ length: 20_000 }, (_, index) => ({ a: index, b: { c: [index] } }));
    const { expected, ms } = timed(withX({ uniqueItems: true }), { x: items });
    expect(expected).toEqual([]);
    expect(ms).toBeLessThan(1_000);
  });

  it('when each of many items meets a list of a thousand members or values', () => {
    const members = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`p${index}`, true]));
    const objects = timed(withX({ items: { properties: members } }), {
      x: Array.from({ length: 50_000 }, () => ({})),
    });
    expect(objects.expected).toEqual([TOO_EXPENSIVE]);
    expect(objects.ms).toBeLessThan(1_500);
    const values = Array.from({ length: 1_000 }, (_, index) => index);
    const numbers = timed(withX({ items: { enum: values } }), {
      x: Array.from({ length: 50_000 }, () => 999),
    });
    expect(numbers.expected).toEqual([]);
    expect(numbers.ms).toBeLessThan(1_000);
  });
});

describe('a pattern that has no linear-time form', () => {
  it.each(['^(?!a)', '(?<=a)b', '^(a)\\1$', '\\p{Script=Greek}'])(
    'is left to the upstream: %s',
    (pattern) => {
      const compiled = compile(withX({ type: 'string', pattern }));
      expect(compiled.ok).toBe(true);
      if (!compiled.ok) return;
      expect(compiled.validate({ x: 'anything' })).toEqual([]);
      expect(compiled.validate({ x: 1 })).toEqual([{ path: '/x', expected: 'must be string' }]);
    },
  );

  it('makes no member surplus that it might have covered', () => {
    const schema = withX({
      patternProperties: { '^(?!a)': {}, '^b': { type: 'string' } },
      additionalProperties: false,
    });
    const compiled = compile(schema);
    expect(compiled.ok && compiled.validate({ x: { anything: 1 } })).toEqual([]);
  });

  it.each([
    ['^[\\w\\-.]+@x$', 'a-b.c@x', 'a b@x'],
    ['^\\d{4}-\\d{2}$', '2026-01', '26-1'],
    ['^[^/]+\\/[^/]+$', 'a/b', 'a/b/c'],
    ['^\\u0041$', 'A', 'B'],
    ['^(?<year>\\d+)$', '1', 'a'],
    ['^.$', '😀', 'ab'],
    ['^\\p{L}+$', 'é', '1'],
    ['b', 'abc', 'ac'],
  ])('is the exception: %s is matched', (pattern, good, bad) => {
    const compiled = compile(withX({ pattern }));
    expect(compiled.ok && compiled.validate({ x: good })).toEqual([]);
    expect(compiled.ok && compiled.validate({ x: bad })).toHaveLength(1);
  });
});
