import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../definitions/index.ts';
import { IDEMPOTENCY_KEEP_MS } from '../../platform/limits.ts';
import { assertRefused, connect } from '../../testing/index.ts';
import { deferred, makeServer } from '../fixtures/make-server.ts';

/** A write whose handler a test controls. */
function sendMail(
  handler: (to: string, ctx: { fail: (code: 'BUSY' | 'GONE') => never; signal: AbortSignal }) => unknown,
) {
  return defineTool({
    name: 'send_mail',
    description: 'Send a mail.',
    input: z.object({ to: z.string(), cc: z.array(z.string()).default([]) }),
    output: z.object({ id: z.number() }),
    effects: 'write',
    errors: {
      BUSY: { retryable: true, recovery: 'Wait.' },
      GONE: { retryable: false, recovery: 'Use another address.' },
    },
    limits: { timeoutMs: 1_000 },
    handler: async ({ to, cc, ...rest }, ctx) => {
      // The key is the runtime's; handlers never see it.
      expect([cc, rest]).toEqual([[], {}]);
      return (await handler(to, ctx)) as { id: number };
    },
  });
}

function counting() {
  let sent = 0;
  return vi.fn(() => ({ id: (sent += 1) }));
}

describe('a write with an idempotency key', () => {
  it('takes effect once, and every repetition gets the first result', async () => {
    const handler = counting();
    const { client } = makeServer({ tools: [sendMail(handler)] });
    const first = await client.callTool('send_mail', { to: 'a', cc: [], idempotency_key: 'k' });
    const again = await client.callTool('send_mail', { idempotency_key: 'k', cc: [], to: 'a' });
    expect([first.structured, again.structured]).toEqual([{ id: 1 }, { id: 1 }]);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('takes effect each time without one', async () => {
    const handler = counting();
    const { client } = makeServer({ tools: [sendMail(handler)] });
    await client.callTool('send_mail', { to: 'a' });
    await client.callTool('send_mail', { to: 'a' });
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('is a conflict with other arguments', async () => {
    const { client, audit } = makeServer({ tools: [sendMail(counting())] });
    await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' });
    assertRefused(
      await client.callTool('send_mail', { to: 'b', idempotency_key: 'k' }),
      'idempotency_conflict',
    );
    expect(audit.one({ code: 'idempotency_conflict' })).toMatchObject({ status: 'error' });
  });

  it('waits for the first when it comes meanwhile', async () => {
    const gate = deferred<{ id: number }>();
    const handler = vi.fn(() => gate.promise);
    const { client } = makeServer({ tools: [sendMail(handler)] });
    const calls = Array.from({ length: 5 }, () =>
      client.callTool('send_mail', { to: 'a', idempotency_key: 'k' }),
    );
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    gate.resolve({ id: 9 });
    expect((await Promise.all(calls)).map((answer) => answer.structured)).toEqual(Array(5).fill({ id: 9 }));
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('has a key of its own in each project', async () => {
    const handler = counting();
    const tokens = ['p1', 'p2'].map((project) => ({
      project,
      token: `token-of-thirty-two-characters-${project}`,
    }));
    const { server } = makeServer({ tools: [sendMail(handler)], auth: { tokens } });
    for (const { token } of tokens) {
      await connect(server, { token }).callTool('send_mail', { to: 'a', idempotency_key: 'k' });
    }
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('is free again after its time', async () => {
    const handler = counting();
    const { client, clock } = makeServer({ tools: [sendMail(handler)] });
    await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' });
    clock.advance(IDEMPOTENCY_KEEP_MS);
    expect((await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' })).structured).toEqual({
      id: 2,
    });
  });

  it('may be used again after an error that is declared retryable, and not after a final one', async () => {
    let code: 'BUSY' | 'GONE' = 'BUSY';
    const handler = vi.fn((_to: string, ctx: { fail: (code: 'BUSY' | 'GONE') => never }) => ctx.fail(code));
    const { client } = makeServer({ tools: [sendMail(handler)] });
    assertRefused(await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' }), 'BUSY');
    code = 'GONE';
    assertRefused(await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' }), 'GONE');
    assertRefused(await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' }), 'GONE');
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('does not run again after a failure that nobody understands', async () => {
    const handler = vi.fn(() => {
      throw new Error('who knows');
    });
    const { client } = makeServer({ tools: [sendMail(handler)] });
    assertRefused(await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' }), 'internal');
    const again = assertRefused(
      await client.callTool('send_mail', { to: 'a', idempotency_key: 'k' }),
      'internal',
    );
    expect(again).toMatchObject({ retryable: false, commit_state: 'unknown' });
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('gets the result of a first call that its caller did not wait for', async () => {
    const gate = deferred<{ id: number }>();
    let signal: AbortSignal | undefined;
    const handler = vi.fn((_to: string, ctx: { signal: AbortSignal }) => {
      signal = ctx.signal;
      return gate.promise;
    });
    const { client, clock } = makeServer({ tools: [sendMail(handler)] });
    const first = client.start('tools/call', {
      name: 'send_mail',
      arguments: { to: 'a', idempotency_key: 'k' },
    });
    await clock.advanceAsync(0);
    first.cancel();
    await clock.advanceAsync(500);
    expect((await first.answer).message).toBeUndefined();
    expect(signal?.aborted).toBe(false);
    const second = client.callTool('send_mail', { to: 'a', idempotency_key: 'k' });
    await clock.advanceAsync(0);
    gate.resolve({ id: 4 });
    expect((await second).structured).toEqual({ id: 4 });
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('tells a handler to stop that goes on past its deadline after its caller left', async () => {
    let signal: AbortSignal | undefined;
    const handler = (_to: string, ctx: { signal: AbortSignal }) => {
      signal = ctx.signal;
      return new Promise(() => {});
    };
    const { client, clock } = makeServer({ tools: [sendMail(handler)] });
    const call = client.start('tools/call', {
      name: 'send_mail',
      arguments: { to: 'a', idempotency_key: 'k' },
    });
    await clock.advanceAsync(0);
    call.cancel();
    await clock.advanceAsync(1_000);
    expect(signal?.aborted).toBe(true);
    await call.answer;
  });
});
