import { afterEach, describe, expect, it } from 'vitest';
import { everythingServer } from '../../test/support/reference-servers.ts';
import { sdkV1HttpUpstream } from '../../test/support/sdk-v1-upstream.ts';
import { sdkV2HttpUpstream } from '../../test/support/sdk-v2-upstream.ts';
import { options, TestSignal } from '../../test/support/upstream/signals.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/logger.ts';
import { fetchAll } from './catalog.ts';
import { createHttpUpstream, createStdioUpstream } from './create-upstream.ts';
import type { Upstream } from './upstream.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function http(url: string): Upstream {
  const policy = { origin: 'operator', allowCidrs: [] } as const;
  const upstream = createHttpUpstream({ name: 'sdk', url, policy, clock: systemClock, logger: silentLogger });
  cleanups.push(() => upstream.close());
  return upstream;
}

const MIB = 1024 * 1024;

function call(upstream: Upstream, name: string, args: object, signal = new TestSignal()): Promise<Outcome> {
  return upstream.request('tools/call', { name, arguments: { ...args } }, options(signal, 2 * MIB));
}

function text(outcome: Outcome): string {
  const isResult = outcome.kind === 'ok' || outcome.kind === 'tool_error';
  return isResult && outcome.result.kind === 'bytes' ? outcome.result.bytes.toString('utf8') : outcome.kind;
}

async function useTools(upstream: Upstream): Promise<void> {
  const tools = await fetchAll(upstream, 'tools/list', options(undefined, 2 * MIB));
  expect(tools.ok && tools.items.map((tool) => tool['name'])).toEqual(['echo', 'add', 'slow', 'big', 'fail']);
  expect(text(await call(upstream, 'echo', { message: 'grüß dich' }))).toContain('grüß dich');
  expect(text(await call(upstream, 'add', { a: 2, b: 3 }))).toContain('"sum":5');
  expect((await call(upstream, 'fail', {})).kind).toBe('tool_error');
  expect((await call(upstream, 'big', { bytes: MIB })).kind).toBe('ok');
  expect(await call(upstream, 'big', { bytes: 3 * MIB })).toMatchObject({
    refusal: { code: 'response_too_large' },
  });
  const missing = await upstream.request('resources/read', { uri: 'nothing://here' }, options());
  expect(missing).toMatchObject({ kind: 'protocol_error', code: -32602 });
}

describe('the official SDK', () => {
  it('v2 over HTTP is spoken to in the modern era', async () => {
    const server = await sdkV2HttpUpstream();
    cleanups.push(server.close);
    const upstream = http(server.url);
    await useTools(upstream);
    expect(upstream.info).toMatchObject({ era: 'modern', revision: '2026-07-28' });
  });

  it('v1 over HTTP is spoken to in the legacy era, with a session that is renewed and ended', async () => {
    const server = await sdkV1HttpUpstream();
    cleanups.push(server.close);
    const upstream = http(server.url);
    await useTools(upstream);
    expect(upstream.info).toMatchObject({ era: 'legacy', revision: '2025-11-25' });
    const [before] = server.sessions();
    server.forgetSessions();
    expect((await fetchAll(upstream, 'tools/list', options(undefined, MIB))).ok).toBe(true);
    expect(server.sessions()).toHaveLength(1);
    expect(server.sessions()[0]).not.toBe(before);
    await upstream.close();
    expect(server.sessions()).toHaveLength(0);
  });

  it.each([
    ['v2', sdkV2HttpUpstream],
    ['v1', sdkV1HttpUpstream],
  ])('%s: a cancelled call is cancelled in its handler', async (_name, start) => {
    const server = await start();
    cleanups.push(server.close);
    const upstream = http(server.url);
    await upstream.connect(new TestSignal());
    const signal = new TestSignal();
    const pending = call(upstream, 'slow', { ms: 60_000 }, signal);
    await server.behaviour.events.waitFor((event) => event.phase === 'started');
    signal.abort('caller');
    expect(await pending).toEqual({ kind: 'cancelled' });
    await server.behaviour.events.waitFor((event) => event.phase === 'aborted');
  });

  it('reference server "everything" runs over stdio', async () => {
    const upstream = createStdioUpstream({
      name: 'everything',
      command: process.execPath,
      args: everythingServer().args,
      clock: systemClock,
      logger: silentLogger,
    });
    cleanups.push(() => upstream.close());
    const tools = await fetchAll(upstream, 'tools/list', options(undefined, MIB));
    expect(tools.ok && tools.items.length).toBeGreaterThan(5);
    expect(text(await call(upstream, 'echo', { message: 'hello' }))).toContain('hello');
    for (const method of ['resources/list', 'resources/templates/list', 'prompts/list'] as const) {
      expect(await fetchAll(upstream, method, options(undefined, MIB))).toMatchObject({
        ok: true,
        dropped: [],
      });
    }
    expect(await upstream.request('prompts/get', { name: 'no-such' }, options())).toMatchObject({
      kind: 'protocol_error',
    });
  });
});
