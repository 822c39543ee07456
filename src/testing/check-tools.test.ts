import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../definitions/index.ts';
import { assertToolsUsable, fuzzReadOnlyTools } from './index.ts';

const input = z.object({
  text: z.string().min(1).max(20),
  count: z.int().min(0).max(9),
  kind: z.enum(['a', 'b']).optional(),
  list: z
    .array(z.object({ on: z.boolean() }))
    .max(3)
    .default([]),
});

const honest = defineTool({
  name: 'honest',
  description: 'Do as told.',
  input,
  output: z.object({ length: z.number() }),
  effects: 'read',
  errors: { TOO_MANY: { retryable: false, recovery: 'Ask for fewer.' } },
  handler: ({ text, count }, ctx) => (count > 7 ? ctx.fail('TOO_MANY') : { length: text.length }),
});

const fragile = defineTool({
  name: 'fragile',
  description: 'Break at an edge.',
  input,
  output: z.object({ share: z.number() }),
  effects: 'read',
  // Infinity is null in JSON: an edge that a hand-written test forgets.
  handler: ({ count }) => ({ share: 1 / count }),
});

const writing = defineTool({
  name: 'writing',
  description: 'Write.',
  input,
  effects: 'write',
  handler: () => {
    throw new Error('a fuzz must never write');
  },
});

describe('fuzzing read-only tools', () => {
  it('finds nothing in a tool that keeps its word, and leaves writes alone', async () => {
    const report = await fuzzReadOnlyTools([honest, writing]);
    expect(report.problems).toEqual([]);
    expect(Object.keys(report.calls)).toEqual(['honest']);
    expect(report.calls['honest']).toBeGreaterThan(50);
  });

  it('finds the arguments that break a handler, the same ones for the same seed', async () => {
    const first = await fuzzReadOnlyTools([fragile], { seed: 7 });
    const again = await fuzzReadOnlyTools([fragile], { seed: 7 });
    expect(first.problems.length).toBeGreaterThan(0);
    expect(first.problems[0]).toMatchObject({ tool: 'fragile', code: 'internal', args: { count: 0 } });
    expect(again.problems).toEqual(first.problems);
  });
});

describe('checking definitions before anyone calls them', () => {
  it('names every schema that cannot be compiled and every example that does not match', () => {
    const bad = (name: string, schema: { type: 'object'; properties: object }, examples: object[]) =>
      defineTool({
        name,
        description: 'Bad.',
        input: schema,
        effects: 'read',
        examples: examples as never,
        handler: () => '',
      });
    assertToolsUsable([honest, fragile]);
    expect(() => {
      assertToolsUsable([
        bad('one', { type: 'object', properties: { a: { $ref: 'https://x/' } } }, []),
        bad('two', { type: 'object', properties: { a: { type: 'string' } } }, [{ a: 'x' }, { a: 1 }]),
      ]);
    }).toThrow(/tool one: the input schema[^]*tool two: example 2 \/a must be string/);
  });
});
