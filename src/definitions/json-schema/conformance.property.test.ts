import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { compileSchema, type CompileResult } from './index.ts';

/**
 * Few names and small values, so that schemas and arguments meet. One name is
 * inherited by every object; `constructor` and `valueOf`, which are too, are
 * left out because the reference compares objects by calling them.
 */
const name = fc.constantFrom('a', 'b', 'hasOwnProperty');
const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, false, 0, 1, 2, 1.5, '', 'a', 'ab', '😀', '😀a'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const count = fc.nat(2);
const types = fc.constantFrom('null', 'boolean', 'object', 'array', 'number', 'string', 'integer');

function optional(members: Record<string, fc.Arbitrary<JsonValue>>): fc.Arbitrary<JsonObject> {
  return fc.record(members, { requiredKeys: [] });
}

/** Every keyword of 2020-12 that constrains something, each present in about a third of the schemas. */
const schema: fc.Arbitrary<JsonObject> = fc.letrec<{ schema: JsonObject | boolean; object: JsonObject }>(
  (tie) => {
    const some = { maxLength: 2, minLength: 1 } as const;
    const keyword: fc.Arbitrary<JsonObject>[] = [
      optional({ type: fc.oneof(types, fc.uniqueArray(types, some)) }),
      optional({ enum: fc.array(value, some), const: value }),
      optional({
        minimum: count,
        maximum: count,
        exclusiveMinimum: count,
        exclusiveMaximum: count,
        multipleOf: fc.constantFrom(1, 2, 0.5),
      }),
      optional({ minLength: count, maxLength: count, pattern: fc.constantFrom('a', '^a$', '^.$', 'b*') }),
      optional({
        minItems: count,
        maxItems: count,
        uniqueItems: fc.boolean(),
        prefixItems: fc.array(tie('schema'), some),
        items: tie('schema'),
      }),
      optional({
        contains: tie('schema'),
        minContains: count,
        maxContains: count,
        unevaluatedItems: tie('schema'),
      }),
      optional({
        required: fc.uniqueArray(name),
        minProperties: count,
        maxProperties: count,
        dependentRequired: fc.dictionary(name, fc.uniqueArray(name), { maxKeys: 2 }),
      }),
      optional({
        properties: fc.dictionary(name, tie('schema'), { maxKeys: 2 }),
        additionalProperties: tie('schema'),
        propertyNames: tie('schema'),
      }),
      optional({
        patternProperties: fc.dictionary(fc.constantFrom('a', '^b', '.'), tie('schema'), { maxKeys: 2 }),
        unevaluatedProperties: tie('schema'),
      }),
      optional({
        allOf: fc.array(tie('schema'), some),
        anyOf: fc.array(tie('schema'), some),
        oneOf: fc.array(tie('schema'), some),
        not: tie('schema'),
      }),
      optional({
        if: tie('schema'),
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is a keyword of JSON Schema.
        then: tie('schema'),
        else: tie('schema'),
        dependentSchemas: fc.dictionary(name, tie('schema'), { maxKeys: 2 }),
      }),
      fc.constant({ $ref: '#/$defs/shared' }),
    ];
    return {
      schema: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 1, arbitrary: fc.boolean() },
        { weight: 6, arbitrary: tie('object') },
      ),
      object: fc
        .tuple(fc.oneof(...keyword), fc.oneof(...keyword))
        .map(([first, second]) => ({ ...first, ...second })),
    };
  },
).object;

/** The keywords that are not the compiler's own, alone, or they would rarely decide about the whole. */
const replaced: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({ uniqueItems: true }),
  fc.array(value, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
  value.map((wanted) => ({ const: wanted })),
  count.map((minLength) => ({ minLength })),
  count.map((maxLength) => ({ maxLength })),
  fc.constantFrom('a', '^a$', '^.$').map((pattern) => ({ pattern })),
);

/** The same inside the keywords in which a failure is not the end. */
const wrapped: fc.Arbitrary<JsonObject> = fc.oneof(
  replaced.map((inner) => ({ not: inner })),
  replaced.map((inner) => ({ items: inner })),
  replaced.map((inner) => ({ contains: inner })),
  fc.tuple(fc.constantFrom('allOf', 'anyOf', 'oneOf'), replaced, replaced).map(([keyword, ...branches]) => ({
    [keyword]: branches,
  })),
);

/** Arrays with repetitions and texts beside arbitrary values. */
const member: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 2, arbitrary: value },
  { weight: 1, arbitrary: fc.tuple(value, value).map(([first, second]) => [first, second, first]) },
  { weight: 1, arbitrary: fc.constantFrom('', 'a', 'ab', 'b', '😀', '😀a', 'abc') },
);

const cases = fc
  .record({
    x: fc.oneof(
      { weight: 2, arbitrary: schema },
      { weight: 3, arbitrary: replaced },
      { weight: 3, arbitrary: wrapped },
    ),
    shared: schema,
    values: fc.array(member, { minLength: 2, maxLength: 6 }),
  })
  // Objects as a parser makes them; those of the generators have no prototype.
  .map((parts) => JSON.parse(JSON.stringify(parts)) as typeof parts);

function rootOf(x: JsonObject, shared: JsonObject): JsonObject {
  // A reference from the shared schema to itself is a case of its own, where the reference overflows too.
  const withoutReference = JSON.parse(
    JSON.stringify(shared).replaceAll('"$ref":"#/$defs/shared"', '"minItems":0'),
  ) as JsonObject;
  return { type: 'object', properties: { x }, $defs: { shared: withoutReference } };
}

function answerOf(reference: ValidateFunction, args: JsonObject): boolean | undefined {
  try {
    return reference(args) === true;
  } catch {
    return undefined;
  }
}

const options = {
  strict: false,
  validateSchema: false,
  ownProperties: true,
  validateFormats: false,
  logger: false,
} as const;

type Compile = (root: JsonObject) => CompileResult;

const compileStrict: Compile = (root) => compileSchema(root, { strictRoot: true });

/** A compiler that overlooks one keyword, wherever it stands. */
function overlooking(keyword: string): Compile {
  const without = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(without);
    if (!isJsonObject(value)) return value;
    const kept = Object.entries(value).filter(([name]) => name !== keyword);
    return Object.fromEntries(kept.map(([name, member]) => [name, without(member ?? null)]));
  };
  return (root) => compileStrict(without(root) as JsonObject);
}

function agreement(
  compile: Compile,
  count: (isValid: boolean) => void,
): fc.IProperty<[{ x: JsonObject; shared: JsonObject; values: JsonValue[] }]> {
  return fc.property(cases, ({ x, shared, values }) => {
    const root = rootOf(x, shared);
    const reference = new Ajv2020(options).compile(root);
    const compiled = compile(root);
    if (!compiled.ok) throw new Error(compiled.problem);
    for (const given of values) {
      const args = { x: given };
      const isValid = answerOf(reference, args);
      // Some nestings of `unevaluated…` make the reference generate code that throws; then there is nothing to compare.
      if (isValid === undefined) continue;
      count(isValid);
      const violations = compiled.validate(args);
      expect({ args, isValid: violations.length === 0 }).toEqual({ args, isValid });
    }
  });
}

describe('compileSchema', () => {
  it('agrees with the unchanged compiler about every argument', () => {
    let valid = 0;
    let invalid = 0;
    const property = agreement(compileStrict, (isValid) => {
      if (isValid) valid += 1;
      else invalid += 1;
    });
    fc.assert(property, { numRuns: 300, seed: 20_261_122 });
    // Both answers have to occur, or agreement means nothing.
    expect(Math.min(valid, invalid)).toBeGreaterThan(100);
  });

  it.each(['const', 'enum', 'minLength', 'maxLength', 'uniqueItems', 'pattern', 'required', 'not', '$ref'])(
    'would be seen to disagree if it overlooked `%s`',
    (keyword) => {
      const result = fc.check(
        agreement(overlooking(keyword), () => {}),
        {
          numRuns: 300,
          seed: 20_261_122,
          endOnFailure: true,
        },
      );
      expect(result.failed).toBe(true);
    },
  );

  it('agrees with it for draft-07 too', () => {
    const draft07 = cases.map(({ x, shared, values }) => ({
      root: { $schema: 'http://json-schema.org/draft-07/schema#', ...rootOf(x, shared) },
      values,
    }));
    fc.assert(
      fc.property(draft07, ({ root, values }) => {
        const text = JSON.stringify(root)
          .replaceAll('"$defs"', '"definitions"')
          .replaceAll('#/$defs/', '#/definitions/');
        const schemaOf07 = JSON.parse(text) as JsonObject;
        const reference = new Ajv(options).compile(schemaOf07);
        const compiled = compileSchema(schemaOf07, { strictRoot: true });
        if (!compiled.ok) throw new Error(compiled.problem);
        for (const given of values) {
          expect(compiled.validate({ x: given }).length === 0).toBe(reference({ x: given }));
        }
      }),
      { numRuns: 150, seed: 20_261_122 },
    );
  });
});
