import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../platform/json.ts';
import { closeObjects } from './close-objects.ts';
import { DefinitionError } from './definition-error.ts';
import { compileSchema } from './json-schema/index.ts';

function accepts(schema: JsonObject, value: JsonObject): boolean {
  const compiled = compileSchema(closeObjects(schema, 'tool t'), { strictRoot: false });
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.validate(value).length === 0;
}

const text = { type: 'string' };

describe('closing the objects of a schema', () => {
  it('refuses unknown members at every level', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'object', properties: { b: text } },
        list: { type: 'array', items: { type: 'object', properties: { c: text } } },
        either: { anyOf: [{ type: 'object', properties: { d: text } }, text] },
        map: { type: 'object', additionalProperties: { type: 'object', properties: { e: text } } },
      },
    };
    expect(
      accepts(schema, { a: { b: '' }, list: [{ c: '' }], either: { d: '' }, map: { x: { e: '' } } }),
    ).toBe(true);
    expect(accepts(schema, { x: 1 })).toBe(false);
    expect(accepts(schema, { a: { x: 1 } })).toBe(false);
    expect(accepts(schema, { list: [{ x: 1 }] })).toBe(false);
    expect(accepts(schema, { either: { x: 1 } })).toBe(false);
    expect(accepts(schema, { map: { any: { x: 1 } } })).toBe(false);
  });

  it.each([
    ['additionalProperties', { type: 'object', properties: {}, additionalProperties: true }],
    ['a schema for the rest', { type: 'object', properties: {}, additionalProperties: {} }],
    ['unevaluatedProperties', { type: 'object', properties: {}, unevaluatedProperties: true }],
  ])('leaves open what says so with %s', (_name, schema) => {
    expect(closeObjects(schema, 'tool t')).toEqual(schema);
  });

  it('closes an object that is described in parts around its parts, so that none refuses the members of another', () => {
    const schema = {
      type: 'object',
      properties: { kind: text },
      allOf: [{ properties: { a: text } }, { $ref: '#/$defs/b' }],
      if: { properties: { kind: { const: 'c' } }, required: ['kind'] },
      then: { properties: { c: text } },
      $defs: { b: { type: 'object', properties: { b: text } } },
    };
    expect(accepts(schema, { kind: 'c', a: '', b: '', c: '' })).toBe(true);
    expect(accepts(schema, { kind: 'c', a: '', x: '' })).toBe(false);
    expect(accepts(schema, { kind: 'd', c: '' })).toBe(false);
  });

  it('keeps a definition closed where it stands for a whole object, although another place uses it as a part', () => {
    const schema = {
      type: 'object',
      properties: {
        whole: { $ref: '#/$defs/base' },
        extended: { allOf: [{ $ref: '#/$defs/base' }, { properties: { more: text } }] },
      },
      $defs: { base: { type: 'object', properties: { id: text } } },
    };
    expect(accepts(schema, { whole: { id: '' }, extended: { id: '', more: '' } })).toBe(true);
    expect(accepts(schema, { whole: { id: '', x: '' } })).toBe(false);
    expect(accepts(schema, { extended: { id: '', x: '' } })).toBe(false);
  });

  it('takes the alternatives of an object with members of its own as parts of it', () => {
    const schema = {
      type: 'object',
      properties: { id: text },
      oneOf: [
        { properties: { a: text }, required: ['a'] },
        { properties: { b: text }, required: ['b'] },
      ],
    };
    expect(accepts(schema, { id: '', a: '' })).toBe(true);
    expect(accepts(schema, { id: '', a: '', x: '' })).toBe(false);
  });

  it('does not touch what is excluded, compared or given as an example', () => {
    const schema = {
      type: 'object',
      properties: { a: { not: { type: 'object', properties: { x: text } }, const: { type: 'object' } } },
      additionalProperties: false,
    };
    expect(closeObjects(schema, 'tool t')).toEqual(schema);
  });

  it('asks what is meant by an object without members, and takes none at the root as "no arguments"', () => {
    const schema = { type: 'object', properties: { payload: { type: 'object' } } };
    expect(() => closeObjects(schema, 'tool t')).toThrow(DefinitionError);
    expect(() => closeObjects(schema, 'tool t')).toThrow(/`\/properties\/payload`/);
    expect(closeObjects({ type: 'object' }, 'tool t')).toEqual({
      type: 'object',
      additionalProperties: false,
    });
  });

  it('does not change the schema that it is given', () => {
    const schema = { type: 'object', properties: { a: { type: 'object', properties: {} } } };
    const before = structuredClone(schema);
    closeObjects(schema, 'tool t');
    expect(schema).toEqual(before);
  });
});
