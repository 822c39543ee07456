import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../platform/json.ts';
import { describeMembers } from './describe-property.ts';

function described(name: string, property: JsonObject): unknown {
  const { properties } = describeMembers({ type: 'object', properties: { [name]: property } });
  return (properties as Record<string, JsonObject>)[name]?.['description'];
}

describe('generated descriptions', () => {
  it.each<[string, JsonObject, unknown]>([
    ['limit', { type: 'integer', minimum: 1, maximum: 100, default: 20 }, 'From 1 to 100. Default 20.'],
    ['limit', { type: 'integer', minimum: 1 }, 'At least 1.'],
    ['ratio', { type: 'number', exclusiveMinimum: 0, maximum: 1 }, 'More than 0 and at most 1.'],
    [
      'timeout_ms',
      { type: 'integer', description: 'How long to wait' },
      'How long to wait. In milliseconds.',
    ],
    ['delayMs', { type: 'integer' }, 'In milliseconds.'],
    ['max_bytes', { type: 'integer', minimum: 0 }, 'In bytes. At least 0.'],
    ['status', { type: 'string', enum: ['open', 'done'] }, 'One of: open, done.'],
    [
      'labels',
      { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 5 },
      'Each one of: a, b. At most 5 items.',
    ],
    ['code', { type: 'string', minLength: 6, maxLength: 6 }, 'Exactly 6 characters.'],
    ['text', { type: 'string', minLength: 1, maxLength: 200 }, 'At most 200 characters.'],
    ['text', { type: 'string', default: 'two words' }, 'Default "two words".'],
    [
      'limit',
      { anyOf: [{ type: 'integer', minimum: 1, maximum: 9 }, { type: 'null' }], default: null },
      'From 1 to 9. Default null.',
    ],
    ['count', { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 }, undefined],
    ['timeout_ms', { type: 'string' }, undefined],
    ['items', { type: 'integer' }, undefined],
  ])('of %s with %j is %j', (name, property, expected) => {
    expect(described(name, property)).toBe(expected);
  });

  it.each<[string, JsonObject]>([
    ['limit', { type: 'integer', minimum: 1, maximum: 100, description: 'Page size, 1–100.' }],
    ['limit', { type: 'integer', default: 20, description: 'Page size, 20 by default.' }],
    ['wait_ms', { type: 'integer', description: 'Pause in ms.' }],
    ['sort', { enum: ['asc', 'desc'], description: 'asc = oldest first; desc = newest first.' }],
  ])('repeats nothing that the author wrote: %s', (name, property) => {
    expect(described(name, property)).toBe(property['description']);
  });

  it('does not take a number inside another one, or a word inside another one, for said', () => {
    expect(
      described('limit', { type: 'integer', minimum: 1, maximum: 10, description: 'Up to 100 of 1010.' }),
    ).toBe('Up to 100 of 1010. From 1 to 10.');
    expect(described('state', { enum: ['open'], description: 'Also reopened ones.' })).toBe(
      'Also reopened ones. One of: open.',
    );
  });

  it('reaches members of nested objects, items and definitions', () => {
    const leaf = { type: 'object', properties: { n: { type: 'integer', minimum: 1, maximum: 2 } } };
    const all = JSON.stringify(
      describeMembers({
        type: 'object',
        properties: { a: leaf, b: { type: 'array', items: leaf }, c: { anyOf: [leaf, { type: 'null' }] } },
        $defs: { d: leaf },
      }),
    );
    expect(all.split('From 1 to 2.')).toHaveLength(5);
  });
});
