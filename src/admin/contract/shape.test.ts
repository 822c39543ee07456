import { describe, expect, it } from 'vitest';
import { checkShape, type Shape } from './shape.ts';

const SHAPE: Shape = {
  name: { type: 'string', charsMax: 5, required: true, description: '' },
  kind: { type: 'string', charsMax: 5, values: ['a', 'b'], description: '' },
  id: { type: 'string', charsMax: 36, format: 'uuid', description: '' },
  at: { type: 'string', charsMax: 40, format: 'instant', description: '' },
  count: { type: 'integer', min: 1, max: 10, description: '' },
  list: { type: 'list', itemsMin: 1, itemsMax: 2, charsMax: 3, description: '' },
};

describe('a shape', () => {
  it('takes what fits, and null as absent', () => {
    const value = {
      name: 'x',
      kind: 'a',
      id: '00000000-0000-4000-8000-00000000000A',
      at: '2030-01-01T00:00:00.5+01:00',
      count: 10,
      list: ['a', 'b'],
    };
    expect(checkShape(SHAPE, value)).toEqual({ ok: true, values: value });
    expect(checkShape(SHAPE, { name: 'x', kind: null })).toEqual({ ok: true, values: { name: 'x' } });
  });

  it.each([
    ['name', 'toolong'],
    ['name', ''],
    ['name', 'a\0'],
    ['name', '\ud800'],
    ['name', ['x']],
    ['kind', 'c'],
    ['id', 'x'],
    ['at', '2030-01-01'],
    ['at', '2030-13-01T00:00:00Z'],
    ['count', 0],
    ['count', 1.5],
    ['count', '1'],
    ['list', []],
    ['list', ['a', 'a']],
    ['list', ['a', 'b', 'c']],
    ['list', ['long']],
    ['list', [1]],
  ])('refuses %s: %j, and names it', (name, value) => {
    expect(checkShape(SHAPE, { name: 'x', [name]: value })).toMatchObject({
      ok: false,
      problem: 'value',
      violations: [{ path: name }],
    });
  });

  it('names what is missing, and what it does not know, without echoing all of it', () => {
    expect(checkShape(SHAPE, {})).toMatchObject({ problem: 'value', violations: [{ path: 'name' }] });
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${'x'.repeat(100)}${index}`, 1]),
    );
    const checked = checkShape(SHAPE, many);
    expect(checked).toMatchObject({ ok: false, problem: 'unknown' });
    expect(JSON.stringify(checked).length).toBeLessThan(3_000);
  });

  it.each(['constructor', 'toString', '__proto__'])('knows no inherited member: %s', (name) => {
    const value = JSON.parse(`{"name":"x","${name}":1}`) as Record<string, unknown>;
    expect(checkShape(SHAPE, value)).toMatchObject({ ok: false, problem: 'unknown' });
  });
});
