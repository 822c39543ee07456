import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { DefinitionError, defineTool, type StandardSchema } from '../definitions/index.ts';
import { createLogger } from '../platform/logger.ts';
import { assertRefused, connect, RpcFailure } from '../testing/index.ts';
import { makeServer } from './fixtures/make-server.ts';
import type { ServerOptions } from './index.ts';

const echo = defineTool({
  name: 'echo_text',
  description: 'Repeat a text.',
  input: z.object({ text: z.string().max(100), times: z.int().min(1).max(5).default(1) }),
  output: z.object({ text: z.string() }),
  effects: 'read',
  handler: ({ text, times }) => ({ text: text.repeat(times) }),
});

/** A tool whose handler is the only thing that matters. */
function tool(handler: () => unknown, output?: StandardSchema): ReturnType<typeof defineTool> {
  return defineTool({
    name: 'try_it',
    description: 'Try it.',
    input: z.object({}),
    ...(output === undefined ? {} : { output }),
    effects: 'read',
    handler: handler as () => never,
  });
}

describe('a tool call', () => {
  it('gets defaults, and returns its value as structured content and as text', async () => {
    const { client } = makeServer({ tools: [echo] });
    const answer = await client.callTool('echo_text', { text: 'ab' });
    expect(answer).toMatchObject({ isError: false, structured: { text: 'ab' }, text: '{"text":"ab"}' });
  });

  it('is refused with the names of members that nobody declared, and never reaches the handler', async () => {
    const handler = vi.fn(() => 'done');
    const plain = defineTool({
      name: 'try_it',
      description: 'Try it.',
      input: { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'string' } } } } },
      effects: 'read',
      handler,
    });
    const { client, audit } = makeServer({ tools: [plain] });
    const error = assertRefused(await client.callTool('try_it', { a: { x: 1 }, y: 2 }), 'invalid_arguments');
    expect(error['violations']).toEqual([
      { path: '', expected: 'unknown member `y`' },
      { path: '/a', expected: 'unknown member `x`' },
    ]);
    expect(handler).not.toHaveBeenCalled();
    expect(audit.one({ code: 'invalid_arguments' })).toMatchObject({ dispatched: false, subject: 'try_it' });
  });

  it.each([false, true])(
    'is refused by the rules of the schema library before the handler runs (async: %s)',
    async (isAsync) => {
      const handler = vi.fn(() => 'done');
      const rule = (value: { a: string }): boolean | Promise<boolean> =>
        isAsync ? Promise.resolve(value.a !== 'bad') : value.a !== 'bad';
      const refined = defineTool({
        name: 'try_it',
        description: 'Try it.',
        input: z.object({ a: z.string() }).refine(rule, { message: 'must be good', path: ['a'] }),
        effects: 'read',
        handler,
      });
      const { client } = makeServer({ tools: [refined] });
      const error = assertRefused(await client.callTool('try_it', { a: 'bad' }), 'invalid_arguments');
      expect(error['violations']).toEqual([{ path: '/a', expected: 'must be good' }]);
      expect(handler).not.toHaveBeenCalled();
      expect((await client.callTool('try_it', { a: 'good' })).text).toBe('done');
    },
  );

  it('takes absent arguments as none', async () => {
    const { client } = makeServer({ tools: [tool(() => 'done')] });
    const { content } = await client.request('tools/call', { name: 'try_it' });
    expect(content).toEqual([{ type: 'text', text: 'done' }]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('password=hunter2 at /etc/secret');
      },
    ],
    ['rejects', () => Promise.reject(new Error('password=hunter2'))],
    // oxlint-disable-next-line no-throw-literal, only-throw-error -- what must not matter.
    [
      'throws something that is no error',
      () => {
        // oxlint-disable-next-line typescript/only-throw-error -- libraries do it.
        throw 'password=hunter2';
      },
    ],
  ])('whose handler %s says nothing of it, and the log says all', async (_name, handler) => {
    const lines: string[] = [];
    const logger = createLogger({ nowMs: () => 0, write: (line) => lines.push(line) });
    const { client } = makeServer({ tools: [tool(handler)], logger });
    const answer = await client.callTool('try_it');
    const error = assertRefused(answer, 'internal');
    expect(JSON.stringify(answer.raw)).not.toContain('hunter2');
    const logged = lines.find((line) => line.includes('internal_error'));
    expect(logged).toContain(String(error['request_id']));
  });

  it.each<[string, unknown, StandardSchema | undefined]>([
    ['a member too few', {}, z.object({ a: z.string() })],
    ['a wrong type', { a: 1 }, z.object({ a: z.string() })],
    ['a member that disappears in JSON', { a: undefined }, z.object({ a: z.any() })],
    ['a value that JSON cannot hold', { a: 1n }, z.object({ a: z.any() })],
    ['nothing', undefined, undefined],
    ['an object where text is expected', { a: 1 }, undefined],
    ['content that is none', [{ type: 'video' }], undefined],
  ])('with a result of %s is `internal`, not a broken answer', async (_name, value, output) => {
    const { client } = makeServer({ tools: [tool(() => value, output)] });
    assertRefused(await client.callTool('try_it'), 'internal');
  });

  it('has its result checked as it is sent: what is undefined is missing there, and a date is text', async () => {
    const returning = (value: unknown) =>
      defineTool({
        name: 'try_it',
        description: 'Try it.',
        input: z.object({}),
        output: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] },
        effects: 'read',
        handler: () => value as { at: string },
      });
    const missing = makeServer({ tools: [returning({ at: undefined })] });
    assertRefused(await missing.client.callTool('try_it'), 'internal');
    const dated = makeServer({ tools: [returning({ at: new Date(0) })] });
    expect((await dated.client.callTool('try_it')).structured).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it('drops members of the result that the schema of the library strips, and refuses them for plain JSON Schema', async () => {
    const stripped = makeServer({
      tools: [tool(() => ({ a: 'x', password: 'y' }), z.object({ a: z.string() }))],
    });
    expect((await stripped.client.callTool('try_it')).structured).toEqual({ a: 'x' });
    const plain = defineTool({
      name: 'try_it',
      description: 'Try it.',
      input: z.object({}),
      output: { type: 'object', properties: { a: { type: 'string' } } },
      effects: 'read',
      handler: () => ({ a: 'x', password: 'y' }) as { a: string },
    });
    assertRefused(await makeServer({ tools: [plain] }).client.callTool('try_it'), 'internal');
  });

  it('fails with a declared error in the shape of every other error', async () => {
    const failing = defineTool({
      name: 'try_it',
      description: 'Try it.',
      input: z.object({ how: z.enum(['plain', 'full', 'undeclared']) }),
      effects: 'read',
      errors: {
        ARCHIVED: { retryable: false, recovery: 'Ask the user to unarchive it.' },
        BUSY: { retryable: true, recovery: 'Wait and call again.' },
      },
      handler: ({ how }, ctx) => {
        if (how === 'undeclared') return ctx.fail('OTHER' as 'BUSY');
        if (how === 'plain') return ctx.fail('ARCHIVED', { retryAfterMs: 5 });
        return ctx.fail('BUSY', {
          message: 'Two others are at it.',
          retryAfterMs: 0.2,
          details: { queue: 2, code: 'x' },
        });
      },
    });
    const { client, audit } = makeServer({ tools: [failing] });
    const plain = await client.callTool('try_it', { how: 'plain' });
    expect(plain.raw['isError']).toBe(true);
    expect(JSON.parse(plain.text)).toEqual(plain.error);
    expect(plain.raw['structuredContent']).toEqual(plain.error);
    expect(plain.error).toEqual({
      status: 'error',
      code: 'ARCHIVED',
      message: 'Ask the user to unarchive it.',
      retryable: false,
      request_id: expect.any(String),
    });
    const full = await client.callTool('try_it', { how: 'full' });
    expect(full.error).toMatchObject({
      code: 'BUSY',
      message: 'Two others are at it.',
      retryable: true,
      retry_after_ms: 1,
      queue: 2,
    });
    assertRefused(await client.callTool('try_it', { how: 'undeclared' }), 'internal');
    expect(audit.outcomes.map((entry) => entry.code)).toEqual(['tool_error', 'tool_error', 'internal']);
  });

  it('keeps a declared error out of structured content that its output schema does not admit', async () => {
    const failing = defineTool({
      name: 'try_it',
      description: 'Try it.',
      input: z.object({}),
      output: z.object({ a: z.string() }),
      effects: 'read',
      errors: { GONE: { retryable: false, recovery: 'Give up.' } },
      handler: (_args, ctx) => ctx.fail('GONE'),
    });
    const answer = await makeServer({ tools: [failing] }).client.callTool('try_it');
    expect(answer.error).toMatchObject({ code: 'GONE' });
    expect(answer.structured).toBeUndefined();
  });

  it('of a name that nobody defined is a JSON-RPC error', async () => {
    const { client } = makeServer({ tools: [echo] });
    await expect(client.callTool('other')).rejects.toThrow(RpcFailure);
  });
});

describe('the context of a handler', () => {
  it('knows the call, and refuses what the server was not given', async () => {
    const seen: unknown[] = [];
    const looking = defineTool({
      name: 'try_it',
      description: 'Try it.',
      input: z.object({}),
      effects: 'read',
      handler: async (_args, { project, token, requestId, signal, fetch, db, progress, log }) => {
        progress(1, { total: 2 });
        progress(1);
        progress(Number.NaN);
        log.info('seen');
        seen.push(project, token, requestId, signal.aborted);
        const missing = await Promise.allSettled([
          fetch('https://example.com'),
          db(() => Promise.resolve(1)),
        ]);
        return missing
          .map((settled) => (settled.status === 'rejected' ? String(settled.reason) : 'fine'))
          .join('\n');
      },
    });
    const { client, audit } = makeServer({ tools: [looking] });
    const { text } = await client.callTool('try_it');
    expect(text).toContain('pass `fetch` to createServer');
    expect(text).toContain('pass `database` to createServer');
    expect(seen).toEqual([{ id: 'default' }, { id: 'local' }, audit.one({}).request_id, false]);
  });

  it('binds the database and the egress guard to the project of the caller', async () => {
    const using = defineTool({
      name: 'try_it',
      description: 'Try it.',
      input: z.object({}),
      effects: 'read',
      handler: async (_args, ctx) => {
        const rows = await ctx.db(async (tx) => (await tx.query('select 1')).rowCount);
        const answer = await ctx.fetch('https://example.com/', { method: 'POST', body: 'b' });
        return `${String(rows)} ${await answer.text()}`;
      },
    });
    const asProject = vi.fn((_id: string, work: (tx: never) => Promise<unknown>) =>
      work({ query: () => Promise.resolve({ rows: [], rowCount: 7 }) } as never),
    );
    const fetch = vi.fn(() => Promise.resolve(new Response('hello')));
    const token = 'a-token-of-thirty-two-characters';
    const { server } = makeServer({
      tools: [using],
      auth: { tokens: [{ token, project: 'p1' }] },
      database: { asProject } as unknown as NonNullable<ServerOptions['database']>,
      fetch,
    });
    const answer = await connect(server, { token }).callTool('try_it');
    expect(answer.text).toBe('7 hello');
    expect(asProject.mock.calls[0]?.[0]).toBe('p1');
    expect(fetch).toHaveBeenCalledWith(
      'https://example.com/',
      expect.objectContaining({
        method: 'POST',
        body: 'b',
        projectId: 'p1',
        signal: expect.any(AbortSignal),
      }),
    );
  });
});

describe('the guardrails of a server', () => {
  it('refuse the 61st call in a minute, unless it says otherwise', async () => {
    const { client, clock } = makeServer({ tools: [echo] });
    for (let n = 0; n < 60; n += 1)
      expect((await client.callTool('echo_text', { text: 'a' })).isError).toBe(false);
    assertRefused(await client.callTool('echo_text', { text: 'a' }), 'rate_limited');
    clock.advance(60_000);
    expect((await client.callTool('echo_text', { text: 'a' })).isError).toBe(false);
  });

  it('hold a tool to its own rate and response size', async () => {
    const small = defineTool({
      name: 'read_much',
      description: 'Read much.',
      input: z.object({ chars: z.int().min(0).max(1_000) }),
      effects: 'read',
      limits: { rate: { calls: 2, windowMs: 1_000 }, responseBytesMax: 100 },
      handler: ({ chars }) => 'x'.repeat(chars),
    });
    const { client } = makeServer({ tools: [small] });
    assertRefused(await client.callTool('read_much', { chars: 101 }), 'response_too_large');
    expect((await client.callTool('read_much', { chars: 1 })).text).toBe('x');
    assertRefused(await client.callTool('read_much', { chars: 1 }), 'rate_limited');
  });

  it('make no call that cannot be recorded', async () => {
    const handler = vi.fn(() => 'done');
    const { client, audit } = makeServer({ tools: [tool(handler)] });
    audit.isBroken = true;
    assertRefused(await client.callTool('try_it'), 'audit_unavailable');
    expect(handler).not.toHaveBeenCalled();
  });

  it('open the breaker of one tool and not of its neighbour', async () => {
    const hanging = defineTool({
      name: 'hang_up',
      description: 'Hang.',
      input: z.object({}),
      effects: 'read',
      limits: { timeoutMs: 10 },
      handler: () => new Promise<string>(() => {}),
    });
    const { client, clock } = makeServer({ tools: [hanging, echo] });
    for (let n = 0; n < 5; n += 1) {
      const answer = client.callTool('hang_up');
      await clock.advanceAsync(1_000);
      assertRefused(await answer, 'timeout');
    }
    assertRefused(await client.callTool('hang_up'), 'circuit_open');
    expect((await client.callTool('echo_text', { text: 'a' })).isError).toBe(false);
  });

  it('record each call once, without its arguments', async () => {
    const { client, audit } = makeServer({ tools: [echo] });
    await client.callTool('echo_text', { text: 'c4n4ry' });
    expect(audit.entries.map((entry) => entry.event)).toEqual(['intent', 'outcome']);
    expect(audit.one({ subject: 'echo_text', status: 'success' })).toMatchObject({
      method: 'tools/call',
      transport: 'stdio',
    });
    expect(JSON.stringify(audit.entries)).not.toContain('c4n4ry');
  });
});

describe('tokens', () => {
  const [one, two] = ['first-token-of-32-characters-xxxx', 'second-token-of-32-characters-xx'] as const;
  const auth = {
    tokens: [
      { token: one, project: 'p1' },
      { token: two, project: 'p2', scopes: ['tools:read'], tools: ['echo_text'] },
    ],
  } as const;

  it('decide the project, the scopes and the tools that are seen', async () => {
    const { server, audit } = makeServer({ tools: [echo, tool(() => 'done')], auth });
    expect((await connect(server, { token: one }).callTool('try_it')).text).toBe('done');
    expect(audit.one({ subject: 'try_it' })).toMatchObject({
      project_id: 'p1',
      token_id: 'token-1',
      transport: 'http',
    });
    const reader = connect(server, { token: two });
    expect((await reader.listTools()).map((listed) => listed['name'])).toEqual(['echo_text']);
    await expect(reader.callTool('echo_text', { text: 'a' })).rejects.toThrow(/scope/);
  });

  it('that are unknown get nothing', async () => {
    const { server } = makeServer({ tools: [echo], auth });
    const { httpStatus } = await connect(server, { token: 'x'.repeat(32) }).start('tools/list').answer;
    expect(httpStatus).toBe(401);
    expect((await connect(server, { token: '' }).start('tools/list').answer).httpStatus).toBe(401);
  });

  it.each<[string, NonNullable<ServerOptions['auth']>]>([
    ['short', { tokens: [{ token: 'short' }] }],
    ['with blanks', { tokens: [{ token: 'has a blank in the middle of it' }] }],
    ['given twice', { tokens: [{ token: one }, { token: one }] }],
    ['without a scope', { tokens: [{ token: one, scopes: [] }] }],
  ])('that are %s are refused when the server is made', (_name, refusedAuth) => {
    expect(() => makeServer({ auth: refusedAuth })).toThrow(DefinitionError);
  });
});

describe('a server is not made', () => {
  it.each<[string, Partial<ServerOptions>]>([
    ['with two tools of one name', { tools: [echo, echo] }],
    ['without a name', { name: '' }],
    ['with an endless deadline', { limits: { timeoutMs: Number.POSITIVE_INFINITY } }],
    ['with a rate of zero', { limits: { rate: { calls: 0, windowMs: 60_000 } } }],
    ['without slots', { limits: { inFlight: 0 } }],
  ])('%s', (_name, options) => {
    expect(() => makeServer(options)).toThrow(DefinitionError);
  });
});

describe('lists', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => defineTool({ ...base, name: `read_thing_${String(index)}` }));
  const base = {
    description: 'Read a thing.',
    input: z.object({ id: z.string() }),
    effects: 'read' as const,
    handler: () => 'done',
  };

  it('are serialised once, however many tools there are', async () => {
    const { client } = makeServer({ tools: many(50) });
    expect(await client.listTools()).toHaveLength(50);
    const stringify = vi.spyOn(JSON, 'stringify');
    const parts = await client.start('tools/list').answer;
    // The test's own request is one, the id of the answer another; no definition is among them.
    const biggest = Math.max(...stringify.mock.results.map(({ value }) => String(value).length));
    stringify.mockRestore();
    expect(JSON.stringify(parts.message)).toContain('read_thing_49');
    expect(biggest).toBeLessThan(1_000);
  });

  it('name only the capabilities that are there', async () => {
    const { client } = makeServer({ tools: [echo] });
    expect((await client.request('server/discover'))['capabilities']).toEqual({ tools: {} });
  });
});

describe('closing', () => {
  it('waits for running calls, and then refuses', async () => {
    let finish: (text: string) => void = () => {};
    const slow = tool(
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    const { server, client } = makeServer({ tools: [slow] });
    const running = client.callTool('try_it');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const closing = server.close();
    expect(server.close()).toBe(closing);
    assertRefused(await client.callTool('try_it'), 'shutting_down');
    finish('done');
    expect((await running).text).toBe('done');
    await closing;
  });
});
