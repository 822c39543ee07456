import { describe, expect, it } from 'vitest';
import { silentLogger, type Logger } from '../../platform/logger.ts';
import type { Outcome } from '../../pipeline/index.ts';
import { makeCall } from '../../pipeline/fixtures/make-call.ts';
import { HANDLER_ABORT_GRACE_MS } from '../../platform/limits.ts';
import { TestClock } from '../../testing/index.ts';
import { deferred } from '../fixtures/make-server.ts';
import { HandlerRunner } from './handler-runner.ts';

const DONE: Outcome = { kind: 'ok', result: { kind: 'value', value: {} } };

function setUp(abandonedMax?: number) {
  const clock = new TestClock();
  const logger: Logger = silentLogger;
  const ports = { clock, logger, database: undefined, fetch: undefined };
  return { clock, runner: new HandlerRunner(ports, abandonedMax) };
}

describe('running a handler', () => {
  it('answers without a handler that ignores its signal, after the grace and not before', async () => {
    const { clock, runner } = setUp();
    const call = makeCall();
    call.dispatched = true;
    let outcome: Outcome | undefined;
    void runner.run(call, { name: 't', work: () => new Promise(() => {}) }).then((ended) => {
      outcome = ended;
    });
    call.abort('deadline');
    await clock.advanceAsync(HANDLER_ABORT_GRACE_MS - 1);
    expect(outcome).toBeUndefined();
    await clock.advanceAsync(1);
    expect(outcome).toMatchObject({ kind: 'failed', refusal: { code: 'timeout', commitState: 'unknown' } });
    expect(runner.abandoned).toBe(1);
  });

  it('takes what a handler still delivers within the grace', async () => {
    const { clock, runner } = setUp();
    const call = makeCall();
    const gate = deferred<Outcome>();
    const running = runner.run(call, { name: 't', work: () => gate.promise });
    call.abort('deadline');
    gate.resolve(DONE);
    expect(await running).toBe(DONE);
    await clock.advanceAsync(HANDLER_ABORT_GRACE_MS);
    expect(runner.abandoned).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('aborts the signal, also one that is asked for only afterwards', async () => {
    const { runner } = setUp();
    const early = makeCall();
    let signal: AbortSignal | undefined;
    const running = runner.run(early, {
      name: 't',
      work: (ctx) => {
        signal = ctx.signal;
        return new Promise((resolve) => {
          ctx.signal.addEventListener('abort', () => {
            resolve(DONE);
          });
        });
      },
    });
    early.abort('drain');
    await running;
    expect(signal?.aborted).toBe(true);
    const late = makeCall();
    const gate = deferred<boolean>();
    const asked = deferred<boolean>();
    void runner.run(late, {
      name: 't',
      work: async (ctx) => {
        await gate.promise;
        asked.resolve(ctx.signal.aborted);
        return DONE;
      },
    });
    late.abort('caller');
    gate.resolve(true);
    expect(await asked.promise).toBe(true);
  });

  it('does not report what a handler throws because it was told to stop', async () => {
    const { runner } = setUp();
    const call = makeCall();
    const gate = deferred<Outcome>();
    const running = runner.run(call, { name: 't', work: () => gate.promise });
    call.abort('deadline');
    gate.reject(new Error('AbortError'));
    expect(await running).toMatchObject({ kind: 'failed', refusal: { code: 'timeout' } });
  });

  it('refuses calls while too many abandoned handlers still run, and accepts them again when they end', async () => {
    const { clock, runner } = setUp(2);
    const gates = [deferred<Outcome>(), deferred<Outcome>()];
    for (const gate of gates) {
      const call = makeCall();
      const running = runner.run(call, { name: 't', work: () => gate.promise });
      call.abort('deadline');
      await clock.advanceAsync(HANDLER_ABORT_GRACE_MS);
      await running;
    }
    const work = (): Promise<Outcome> => Promise.resolve(DONE);
    expect(await runner.run(makeCall(), { name: 't', work })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'overloaded' },
    });
    gates[0]?.reject(new Error('at last'));
    await clock.advanceAsync(0);
    expect(await runner.run(makeCall(), { name: 't', work })).toBe(DONE);
    expect(runner.abandoned).toBe(1);
  });

  it('leaves joined work alone when the one that joined is aborted', async () => {
    const { runner } = setUp();
    const call = makeCall();
    const gate = deferred<Outcome>();
    const joined = runner.join(call, gate.promise);
    call.abort('caller');
    expect(await joined).toEqual({ kind: 'cancelled' });
    expect(runner.abandoned).toBe(0);
  });
});
