import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../platform/json.ts';
import { adaptSchema, type AdaptOptions } from './adapt-schema.ts';
import { DefinitionError } from './definition-error.ts';
import type { StandardSchema } from './standard-schema.ts';

const options: AdaptOptions = { subject: 'tool t', direction: 'input', jsonSchema: undefined };

/** A schema library of ten lines, which knows the standard and nothing else. */
function evenNumber(isAsync = false): StandardSchema<{ n: number }, { half: number }> {
  const validate = (value: unknown) => {
    const n = (value as { n: number }).n;
    return n % 2 === 0
      ? { value: { half: n / 2 } }
      : { issues: [{ message: 'must be even', path: [{ key: 'n' }] }] };
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'tiny',
      validate: (value) => (isAsync ? Promise.resolve(validate(value)) : validate(value)),
    },
  };
}

const described: JsonObject = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };

describe('adapting schemas', () => {
  it('takes the JSON Schema from a library that offers it, without its dialect', () => {
    const adapted = adaptSchema(z.object({ a: z.string() }), options);
    expect(adapted.jsonSchema).toEqual({
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    });
  });

  it('asks for one where the library has none, or cannot say it', () => {
    expect(() => adaptSchema(evenNumber(), options)).toThrow(
      /tool t: tiny does not say .* `inputJsonSchema`/,
    );
    expect(() => adaptSchema(z.object({ at: z.date() }), options)).toThrow(/`inputJsonSchema`/);
  });

  it.each([false, true])(
    'checks the advertised schema, then runs the rules of the library (async: %s)',
    async (isAsync) => {
      const adapted = adaptSchema(evenNumber(isAsync), { ...options, jsonSchema: described });
      expect(adapted.check({ n: 'x' })).toEqual([{ path: '/n', expected: 'must be integer' }]);
      expect(await adapted.parse({ n: 4 })).toEqual({ ok: true, value: { half: 2 } });
      expect(await adapted.parse({ n: 3 })).toEqual({
        ok: false,
        violations: [{ path: '/n', expected: 'must be even' }],
      });
    },
  );

  it('fills the defaults of a plain JSON Schema, at every level and into a copy', async () => {
    const schema = {
      type: 'object',
      properties: {
        limit: { type: 'integer', default: 20 },
        tags: { type: 'array', items: { type: 'string' }, default: [] },
        page: { type: 'object', properties: { size: { type: 'integer', default: 5 } } },
        list: {
          type: 'array',
          items: { type: 'object', properties: { on: { type: 'boolean', default: true } } },
        },
      },
    };
    const adapted = adaptSchema(schema, options);
    const given = { page: {}, list: [{}, { on: false }] };
    const first = (await adapted.parse(given)) as { value: { tags: string[] } };
    expect(first.value).toEqual({
      limit: 20,
      tags: [],
      page: { size: 5 },
      list: [{ on: true }, { on: false }],
    });
    expect(given).toEqual({ page: {}, list: [{}, { on: false }] });
    first.value.tags.push('mine');
    expect(await adapted.parse({})).toEqual({ ok: true, value: { limit: 20, tags: [] } });
  });

  it.each<[string, unknown]>([
    ['text', 'text'],
    ['null', null],
    ['a schema of an array', { type: 'array' }],
    ['a schema without a type', {}],
    ['draft-07', { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }],
    ['a zod schema of text', z.string()],
  ])('refuses %s', (_name, schema) => {
    expect(() => adaptSchema(schema, options)).toThrow(DefinitionError);
  });

  it('says which schema is at fault when it cannot be compiled, at the first use', () => {
    const adapted = adaptSchema(
      { type: 'object', properties: { a: { $ref: 'https://example.com/x' } } },
      options,
    );
    expect(() => adapted.check({})).toThrow(/tool t: the input schema/);
  });

  it('is not changed by what becomes of the object that it was given', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const adapted = adaptSchema(schema, options);
    schema.properties.a.type = 'number';
    expect(adapted.jsonSchema['properties']).toEqual({ a: { type: 'string' } });
  });

  it('makes messages of a library harmless to show', async () => {
    const noisy: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'n',
        validate: () => ({ issues: [{ message: `\u001b[31m${'x'.repeat(500)}`, path: ['a/b'] }] }),
      },
    };
    const parsed = await adaptSchema(noisy, { ...options, jsonSchema: described }).parse({});
    const violation = parsed.ok ? undefined : parsed.violations[0];
    expect(violation?.path).toBe('/a~1b');
    expect(violation?.expected).toMatch(/^\\u001b\[31mx+…$/);
    expect(violation?.expected.length).toBeLessThan(220);
  });
});
