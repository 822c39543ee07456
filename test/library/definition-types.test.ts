import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  definePrompt,
  defineResource,
  defineTool,
  type HandlerContext,
  type StandardSchema,
} from '../../src/index.ts';

/**
 * Checked by the compiler (`npm run check:types`): a line under
 * `@ts-expect-error` that compiles is an error. Running it only shows that the
 * definitions are made at all.
 */
const base = { name: 'try_it', description: 'Try it.', effects: 'read' } as const;
const never = (): never => {
  throw new Error('handlers are not run here');
};

/** Standard Schema alone, with different types going in and coming out. */
declare const halved: StandardSchema<{ n: number }, { half: number }>;

describe('the types of a tool', () => {
  it('follow a zod schema: defaults are there, transformations are done', () => {
    const tool = defineTool({
      ...base,
      input: z.object({
        status: z.enum(['open', 'done']).default('open'),
        limit: z.int().optional(),
        at: z.string().transform(Number),
      }),
      inputJsonSchema: { type: 'object', properties: {} },
      handler: (args) => {
        expectTypeOf(args).toEqualTypeOf<{
          status: 'open' | 'done';
          limit?: number | undefined;
          at: number;
        }>();
        return 'done';
      },
    });
    expect(tool.name).toBe('try_it');
  });

  it('follow any Standard Schema', () => {
    const define = (input: typeof halved): unknown =>
      defineTool({
        ...base,
        input,
        inputJsonSchema: { type: 'object' },
        handler: (args) => {
          expectTypeOf(args).toEqualTypeOf<{ half: number }>();
          return 'done';
        },
      });
    expect(define).toBeTypeOf('function');
  });

  it('follow a plain JSON Schema', () => {
    defineTool({
      ...base,
      input: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          limit: { type: 'integer', default: 20 },
          sort: { enum: ['asc', 'desc'] },
          tags: { type: 'array', items: { type: 'string' } },
          page: { type: 'object', properties: { size: { type: 'number' } }, required: ['size'] },
          note: { type: ['string', 'null'] },
        },
        required: ['id'],
      },
      handler: (args) => {
        expectTypeOf(args).toEqualTypeOf<{
          id: string;
          limit: number;
          sort?: 'asc' | 'desc';
          tags?: string[];
          page?: { size: number };
          note?: string | null;
        }>();
        return 'done';
      },
    });
  });

  it('refuse a handler that reads what is not there', () => {
    defineTool({
      ...base,
      input: z.object({ id: z.string() }),
      // @ts-expect-error -- there is no member `name`.
      handler: ({ name }) => String(name),
    });
    defineTool({
      ...base,
      input: { type: 'object', properties: { id: { type: 'string' } } },
      // @ts-expect-error -- `id` is not required, so it may be undefined.
      handler: ({ id }) => id.length.toString(),
    });
  });

  it('refuse a result that does not fit the output schema', () => {
    const output = z.object({ count: z.number() });
    defineTool({ ...base, input: z.object({}), output, handler: () => ({ count: 1 }) });
    defineTool({ ...base, input: z.object({}), output, handler: async () => Promise.resolve({ count: 1 }) });
    defineTool({
      ...base,
      input: z.object({}),
      output,
      // @ts-expect-error -- `count` is a number.
      handler: () => ({ count: '1' }),
    });
    defineTool({
      ...base,
      input: z.object({}),
      output,
      // @ts-expect-error -- with an output schema the result is its value, not text.
      handler: () => 'one',
    });
    defineTool({
      ...base,
      input: z.object({}),
      output: { type: 'object', properties: { count: { type: 'number' } }, required: ['count'] },
      // @ts-expect-error -- `count` is missing.
      handler: () => ({}),
    });
    defineTool({
      ...base,
      input: z.object({}),
      // @ts-expect-error -- without an output schema it is text or content.
      handler: () => ({ count: 1 }),
    });
  });

  it('refuse errors that are not declared', () => {
    defineTool({
      ...base,
      input: z.object({}),
      errors: { GONE: { retryable: false, recovery: 'Give up.' } },
      handler: (_args, ctx) => {
        expectTypeOf(ctx.fail).parameter(0).toEqualTypeOf<'GONE'>();
        // @ts-expect-error -- OTHER is not declared.
        const other = (): never => ctx.fail('OTHER');
        return ctx.fail(other === undefined ? 'GONE' : 'GONE');
      },
    });
    defineTool({
      ...base,
      input: z.object({}),
      // @ts-expect-error -- nothing is declared.
      handler: (_args, ctx) => ctx.fail('GONE'),
    });
  });

  it('refuse examples that the input schema does not take, and unknown effects', () => {
    defineTool({
      ...base,
      input: z.object({ id: z.string() }),
      // @ts-expect-error -- `id` is text.
      examples: [{ id: 1 }],
      handler: () => 'done',
    });
    const misjudged = (): unknown =>
      defineTool({
        ...base,
        // @ts-expect-error -- effects are read, write or destructive.
        effects: 'none',
        input: z.object({}),
        handler: () => 'done',
      });
    expect(misjudged).toThrow();
  });
});

describe('the types of resources and prompts', () => {
  it('follow the variables of a template', () => {
    defineResource({
      uri: 'tickets://{project}/{+path}',
      name: 'ticket',
      description: 'T.',
      complete: { project: () => [] },
      read: (variables, ctx) => {
        expectTypeOf(variables).toEqualTypeOf<Readonly<Record<'project' | 'path', string>>>();
        expectTypeOf(ctx).toEqualTypeOf<HandlerContext>();
        return variables.path;
      },
    });
    const misnamed = (): unknown =>
      defineResource({
        uri: 'tickets://{id}',
        name: 't',
        description: 'T.',
        // @ts-expect-error -- there is no variable `other`.
        complete: { other: () => [] },
        read: never,
      });
    expect(misnamed).toThrow();
  });

  it('follow the arguments of a prompt', () => {
    const prompt = definePrompt({
      name: 'p',
      description: 'P.',
      input: z.object({ tone: z.enum(['a', 'b']).default('a') }),
      render: (args) => {
        expectTypeOf(args).toEqualTypeOf<{ tone: 'a' | 'b' }>();
        return args.tone;
      },
    });
    expect(prompt.name).toBe('p');
  });
});
