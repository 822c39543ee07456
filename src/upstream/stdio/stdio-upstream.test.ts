import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import type { Clock } from '../../platform/clock.ts';
import { createLogger, silentLogger } from '../../platform/logger.ts';
import type { Logger } from '../../platform/logger.ts';
import { options, TestSignal } from '../../../test/support/upstream/signals.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { createStdioUpstream } from '../create-upstream.ts';
import type { Upstream } from '../upstream.ts';

const SERVER = fileURLToPath(new URL('../../../test/support/upstream/stdio-server.mjs', import.meta.url));

let folder = '';
const cleanups: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-stdio-'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  rmSync(folder, { recursive: true });
});

interface StartOptions {
  readonly env?: Record<string, string>;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

function start(plan: Record<string, unknown>, extra: StartOptions = {}): Upstream {
  const upstream = createStdioUpstream({
    name: 'child',
    command: process.execPath,
    args: [SERVER, JSON.stringify({ journal: join(folder, 'journal'), ...plan })],
    clock: systemClock,
    logger: silentLogger,
    ...extra,
  });
  cleanups.push(() => upstream.close());
  return upstream;
}

function journal(): string[] {
  try {
    return readFileSync(join(folder, 'journal'), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

function journalled(event: string): string[] {
  return journal().filter((line) => line.startsWith(`${event} `) || line === event);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function call(
  upstream: Upstream,
  name: string,
  args: object = {},
  limits = options(),
): ReturnType<Upstream['request']> {
  return upstream.request('tools/call', { name, arguments: { ...args } }, limits);
}

function open(code: string): object {
  return { kind: 'failed', refusal: { code, commitState: 'unknown' } };
}

describe('a child process', () => {
  it.each(['modern', 'legacy'])('answers calls in the %s era', async (era) => {
    const upstream = start({ era });
    const outcome = await call(upstream, 'echo', { a: 1 });
    expect(outcome.kind === 'ok' && outcome.result.kind === 'bytes' && outcome.result.bytes.toString()).toBe(
      '{"content":[{"type":"text","text":"{\\"a\\":1}"}]}',
    );
    expect(upstream.info).toMatchObject({ era });
    expect(journalled('got notifications/initialized').length).toBe(era === 'legacy' ? 1 : 0);
  });

  it('is started once for concurrent callers and answers each with its own result', async () => {
    const upstream = start({});
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_unused, n) => call(upstream, 'echo', { n })),
    );
    const texts = outcomes.map((o) =>
      o.kind === 'ok' && o.result.kind === 'bytes' ? o.result.bytes.toString() : '',
    );
    expect(texts.every((text, n) => text.includes(`{\\"n\\":${n}}`))).toBe(true);
    expect(journalled('start')).toHaveLength(1);
  });

  it('sees only a few variables of the gateway and those declared for it', async () => {
    process.env['BREAKWATER_TEST_SECRET'] = 'do not leak';
    const outcome = await call(start({}, { env: { API_KEY: 'k' } }), 'env');
    delete process.env['BREAKWATER_TEST_SECRET'];
    const body =
      outcome.kind === 'ok' && outcome.result.kind === 'bytes' ? outcome.result.bytes.toString() : '{}';
    const { env } = JSON.parse(body) as { env: Record<string, string> };
    const allowed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'API_KEY'];
    expect(Object.keys(env).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(env['API_KEY']).toBe('k');
  });

  it('maps tool errors and JSON-RPC errors, and cleans their text', async () => {
    const upstream = start({});
    expect((await call(upstream, 'is-error')).kind).toBe('tool_error');
    expect(await call(upstream, 'nonsense')).toEqual({
      kind: 'protocol_error',
      code: -32602,
      message: 'unknown \\u001b[31mtool',
    });
  });

  it('may print to stdout and answer unknown ids without harm', async () => {
    const upstream = start({ banner: 'Server started' });
    expect((await call(upstream, 'noise', { times: 50 })).kind).toBe('ok');
    expect((await call(upstream, 'other-ids')).kind).toBe('ok');
  });

  it('is killed when it prints nothing but noise', async () => {
    const upstream = start({});
    await upstream.connect(new TestSignal());
    expect(await call(upstream, 'noise', { times: 1_000 })).toEqual(open('upstream_unreachable'));
  });

  it('fails only the request whose answer is not valid UTF-8', async () => {
    const upstream = start({});
    const [bad, good] = await Promise.all([call(upstream, 'invalid-utf8'), call(upstream, 'echo')]);
    expect(bad).toEqual(open('upstream_invalid_response'));
    expect(good.kind).toBe('ok');
  });

  it.each(['legacy', 'modern'])('gets its requests answered only in the legacy era (%s)', async (era) => {
    const upstream = start({ era });
    expect((await call(upstream, 'ask-client')).kind).toBe('ok');
    expect(journalled('got answer').length).toBe(era === 'legacy' ? 2 : 0);
  });
});

describe('an answer that is too large', () => {
  it.each(['big', 'id-last'])('fails only its own request, found by its id (%s)', async (name) => {
    const upstream = start({});
    await upstream.connect(new TestSignal());
    const hanging = new TestSignal();
    const other = call(upstream, 'hang', {}, options(hanging, 1_000));
    expect(await call(upstream, name, { bytes: 300_000 }, options(new TestSignal(), 2_000))).toEqual(
      open('response_too_large'),
    );
    expect((await call(upstream, 'echo')).kind).toBe('ok');
    hanging.abort('caller');
    expect(await other).toEqual({ kind: 'cancelled' });
  });

  it('is refused although another request in flight allows it', async () => {
    const upstream = start({});
    await upstream.connect(new TestSignal());
    const hanging = new TestSignal();
    const other = call(upstream, 'hang', {}, options(hanging, 1_000_000));
    expect(await call(upstream, 'big', { bytes: 3_000 }, options(new TestSignal(), 2_000))).toEqual(
      open('response_too_large'),
    );
    hanging.abort('caller');
    await other;
  });

  it('fails every request in flight when its id cannot be found', async () => {
    const upstream = start({});
    await upstream.connect(new TestSignal());
    const other = call(upstream, 'hang');
    expect(await call(upstream, 'big-without-id', { bytes: 300_000 })).toEqual(open('response_too_large'));
    expect(await other).toEqual(open('response_too_large'));
  });

  it('without an end costs the child its life, and bounded memory', async () => {
    const upstream = start({});
    await upstream.connect(new TestSignal());
    expect(await call(upstream, 'endless')).toEqual(open('response_too_large'));
    await expect.poll(() => upstream.info).toBeUndefined();
  });
});

describe('the call signal', () => {
  it('settles at once and tells the child', async () => {
    const upstream = start({ era: 'legacy' });
    await upstream.connect(new TestSignal());
    for (const [cause, expected] of [
      ['deadline', open('timeout')],
      ['caller', { kind: 'cancelled' }],
      ['drain', open('shutting_down')],
    ] as const) {
      const signal = new TestSignal();
      const pending = call(upstream, 'hang', {}, options(signal));
      signal.abort(cause);
      expect(await pending).toEqual(expected);
    }
    await call(upstream, 'echo');
    const calls = journalled('got tools/call').map((line) => line.split(' ')[2]);
    const cancelled = journalled('got notifications/cancelled').map((line) => line.split(' ')[2]);
    expect(cancelled).toEqual(calls.slice(0, 3));
  });

  it('ends a request to a child that has stopped reading, and later ones are not queued without bound', async () => {
    const upstream = start({});
    await upstream.connect(new TestSignal());
    const [pid = 0] = journalled('start').map((line) => Number(line.split(' ')[1]));
    process.kill(pid, 'SIGSTOP');
    const text = 'x'.repeat(1024 * 1024);
    const signals = Array.from({ length: 4 }, () => new TestSignal());
    const pending = signals.map((signal) => call(upstream, 'echo', { text }, options(signal)));
    expect(await call(upstream, 'echo', { text })).toEqual({
      kind: 'failed',
      refusal: { code: 'upstream_unreachable' },
    });
    for (const signal of signals) signal.abort('deadline');
    expect(await Promise.all(pending)).toContainEqual(open('timeout'));
    process.kill(pid, 'SIGCONT');
  });
});

describe('a child that ends', () => {
  it('fails what is in flight, says that a write may have happened, and is restarted after a pause', async () => {
    const clock = new TestClock();
    const upstream = start({}, { clock });
    await upstream.connect(new TestSignal());
    const [crashed, other] = await Promise.all([call(upstream, 'crash'), call(upstream, 'hang')]);
    expect(crashed).toEqual(open('upstream_unreachable'));
    expect(other).toEqual(open('upstream_unreachable'));
    expect(await call(upstream, 'echo')).toEqual({
      kind: 'failed',
      refusal: { code: 'upstream_unreachable', retryAfterMs: 1_000 },
    });
    clock.advance(1_000);
    expect((await call(upstream, 'echo')).kind).toBe('ok');
    expect(journalled('start')).toHaveLength(2);
  });

  it('still has its last answer read', async () => {
    expect((await call(start({}), 'answer-and-exit')).kind).toBe('ok');
  });

  it('by closing its stdin is given up', async () => {
    const upstream = start({});
    await upstream.connect(new TestSignal());
    const first = call(upstream, 'close-stdin');
    const isGone = async (): Promise<boolean> => {
      void call(upstream, 'echo');
      return upstream.info === undefined;
    };
    await expect.poll(isGone).toBe(true);
    expect(await first).toEqual(open('upstream_unreachable'));
  });

  it('at once is not started more often than the pauses allow', async () => {
    const clock = new TestClock();
    const upstream = start({ exitAtOnce: true }, { clock });
    const pauses: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await upstream.connect(new TestSignal())).toMatchObject({ ok: false });
      const refused = await call(upstream, 'echo');
      const pause = refused.kind === 'failed' ? refused.refusal.retryAfterMs : undefined;
      pauses.push(pause);
      clock.advance(pause ?? 0);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
    // One probe and one handshake per attempt.
    expect(journalled('start')).toHaveLength(6);
  });

  it('or never was is unreachable, without a detail of this machine', async () => {
    const upstream = createStdioUpstream({
      name: 'none',
      command: '/nonexistent/program',
      clock: systemClock,
      logger: silentLogger,
    });
    expect(await call(upstream, 'echo')).toEqual({
      kind: 'failed',
      refusal: { code: 'upstream_unreachable' },
    });
    const refusedBySystem = createStdioUpstream({
      name: 'nul',
      command: 'a\u0000b',
      clock: systemClock,
      logger: silentLogger,
    });
    expect(await call(refusedBySystem, 'echo')).toEqual({
      kind: 'failed',
      refusal: { code: 'upstream_unreachable' },
    });
  });
});

describe('era negotiation', () => {
  it('starts a legacy server again that dies from the probe, and remembers it', async () => {
    const clock = new TestClock();
    const upstream = start({ era: 'legacy', onDiscover: 'exit' }, { clock });
    expect((await call(upstream, 'echo')).kind).toBe('ok');
    expect(journalled('start')).toHaveLength(2);
    await call(upstream, 'crash');
    clock.advance(1_000);
    expect((await call(upstream, 'echo')).kind).toBe('ok');
    expect(journalled('start')).toHaveLength(3);
    expect(journalled('got server/discover')).toHaveLength(1);
  });

  it('takes silence for legacy, in the same process', async () => {
    const clock = new TestClock();
    const upstream = start({ era: 'legacy', onDiscover: 'silent' }, { clock });
    const connected = upstream.connect(new TestSignal());
    await expect.poll(() => journalled('got server/discover').length).toBe(1);
    clock.advance(2_000);
    expect(await connected).toMatchObject({ ok: true, info: { era: 'legacy' } });
    expect(journalled('start')).toHaveLength(1);
  });

  it('believes a discovery that comes after the probe time, when the handshake fails', async () => {
    const clock = new TestClock();
    const upstream = start({ discoverAfterMs: 300 }, { clock });
    const connected = upstream.connect(new TestSignal());
    await expect.poll(() => journalled('got server/discover').length).toBe(1);
    clock.advance(2_000);
    expect(await connected).toMatchObject({ ok: true, info: { era: 'modern' } });
  });

  it('ends at the start deadline when the child answers nothing', async () => {
    const clock = new TestClock();
    const upstream = start({ deaf: true }, { clock });
    const connected = upstream.connect(new TestSignal());
    await clock.advanceAsync(2_000);
    await clock.advanceAsync(30_000);
    await clock.advanceAsync(2_000);
    expect(await connected).toMatchObject({ ok: false, outcome: { refusal: { code: 'timeout' } } });
  });
});

describe('close', () => {
  it('lets a child leave by the end of its stdin, and its grandchild dies with it', async () => {
    const upstream = start({ grandchild: true });
    await upstream.connect(new TestSignal());
    const pids = [...journalled('start'), ...journalled('grandchild')].map((line) =>
      Number(line.split(' ')[1]),
    );
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    await upstream.close();
    expect(journalled('end')).toHaveLength(1);
    await expect.poll(() => pids.some(isAlive)).toBe(false);
    expect(await call(upstream, 'echo')).toMatchObject({ kind: 'failed' });
  });

  it('goes on to SIGTERM and SIGKILL for a child that stays', async () => {
    const clock = new TestClock();
    const upstream = start({ ignoreEnd: true, ignoreTerm: true }, { clock });
    await upstream.connect(new TestSignal());
    const [pid = 0] = journalled('start').map((line) => Number(line.split(' ')[1]));
    const closed = upstream.close();
    await expect.poll(() => journalled('end').length).toBe(1);
    clock.advance(1_000);
    await expect.poll(() => journalled('SIGTERM').length).toBe(1);
    expect(isAlive(pid)).toBe(true);
    clock.advance(1_000);
    await closed;
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe('the end of this process', () => {
  it('takes children and grandchildren with it', async () => {
    const plan = { journal: join(folder, 'journal'), grandchild: true, ignoreEnd: true };
    const program = `
      import { createStdioUpstream } from ${JSON.stringify(new URL('../create-upstream.ts', import.meta.url).href)};
      import { systemClock } from ${JSON.stringify(new URL('../../platform/clock.ts', import.meta.url).href)};
      import { silentLogger } from ${JSON.stringify(new URL('../../platform/logger.ts', import.meta.url).href)};
      const upstream = createStdioUpstream({
        name: 'x', command: process.execPath, args: ${JSON.stringify([SERVER, JSON.stringify(plan)])},
        clock: systemClock, logger: silentLogger,
      });
      await upstream.connect({ aborted: false, abortCause: undefined, onAbort: () => () => {} });
      process.exit(7);
    `;
    const gateway = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      stdio: 'ignore',
    });
    const [code] = (await once(gateway, 'exit')) as [number];
    expect(code).toBe(7);
    const pids = [...journalled('start'), ...journalled('grandchild')].map((line) =>
      Number(line.split(' ')[1]),
    );
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.some(isAlive)).toBe(false);
  });
});

describe('stderr', () => {
  it('reaches the log line by line, without declared values, escaped and at a bounded rate', async () => {
    const lines: string[] = [];
    const logger = createLogger({ nowMs: () => 0, write: (line) => lines.push(line) });
    const stderr = `key is k-123456\n\u001b[31mred\n${'spam\n'.repeat(100)}`;
    const upstream = start({ stderr }, { logger, clock: new TestClock(), env: { API_KEY: 'k-123456' } });
    await upstream.connect(new TestSignal());
    const shown = (): string[] => lines.filter((line) => line.includes('upstream_stderr'));
    await expect.poll(() => shown().length).toBe(20);
    expect(shown()[0]).toContain('key is [redacted]');
    expect(shown()[1]).toContain('\\\\u001b[31mred');
  });
});
