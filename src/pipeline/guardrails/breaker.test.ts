import { describe, expect, it } from 'vitest';
import { TestClock } from '../../testing/test-clock.ts';
import { makeCall, makePrincipal, makeTarget, OK, type TargetOverrides } from '../fixtures/make-call.ts';
import { failed, refused, type Outcome } from '../outcome.ts';
import { REFUSALS, type RefusalCode } from '../refusals.ts';
import { createRunner } from '../run-pipeline.ts';
import { BreakerGuardrail, breakerEffect, type BreakerOptions } from './breaker.ts';

const SETTINGS = { failures: 5, windowMs: 300_000, openMs: 900_000, probeSuccesses: 3 };
const TIMEOUT = failed({ code: 'timeout', commitState: 'unknown' });

function setup(options: Partial<BreakerOptions> = {}) {
  const clock = new TestClock();
  const breaker = new BreakerGuardrail({ clock, settings: () => SETTINGS, ...options });
  const call = (target: TargetOverrides = {}, projectId = 'project-1') =>
    makeCall({ principal: makePrincipal({ projectId }), target: makeTarget(target) });
  /** Runs one call that ends with `outcome`; the refusal if it was not let through. */
  const run = (outcome: Outcome, target: TargetOverrides = {}, projectId = 'project-1') => {
    const running = call(target, projectId);
    const refusal = breaker.enter(running);
    if (refusal !== undefined) return refusal;
    running.dispatched = true;
    breaker.exit(running, outcome);
    return undefined;
  };
  const open = (): void => {
    for (let count = 0; count < 5; count += 1) expect(run(TIMEOUT)).toBeUndefined();
  };
  return { clock, breaker, call, run, open };
}

describe('breaker', () => {
  it('opens exactly on the fifth failure within five minutes, whatever succeeds in between', () => {
    const { clock, run } = setup();
    run(TIMEOUT);
    clock.advance(1);
    for (let count = 0; count < 3; count += 1) {
      run(TIMEOUT);
      run(OK);
    }
    clock.advance(299_999);
    // The first has just left the window, so this is the fourth.
    expect(run(TIMEOUT)).toBeUndefined();
    expect(run(TIMEOUT)).toBeUndefined();
    expect(run(OK)).toEqual({ code: 'circuit_open', retryAfterMs: 900_000 });
  });

  it('admits nothing while open, and names the exact time', () => {
    const { clock, run, open } = setup();
    open();
    clock.advance(899_999);
    expect(run(OK)).toEqual({ code: 'circuit_open', retryAfterMs: 1 });
    clock.advance(1);
    expect(run(OK)).toBeUndefined();
  });

  it('lets one probe through at a time, and closes after three successes', () => {
    const { clock, breaker, call, run, open } = setup();
    open();
    clock.advance(900_000);
    const probe = call();
    expect(breaker.enter(probe)).toBeUndefined();
    expect(run(OK)).toEqual({ code: 'circuit_open', retryAfterMs: 1_000 });
    probe.dispatched = true;
    breaker.exit(probe, OK);
    expect(run(OK)).toBeUndefined();
    expect(breaker.snapshot()[0]?.state).toBe('half-open');
    expect(run(OK)).toBeUndefined();
    expect(breaker.snapshot()).toEqual([]);
  });

  it('opens in full again when one probe fails', () => {
    const { clock, run, open } = setup();
    open();
    clock.advance(900_000);
    run(OK);
    run(OK);
    run(TIMEOUT);
    expect(run(OK)).toEqual({ code: 'circuit_open', retryAfterMs: 900_000 });
  });

  it('gives the slot of a lost probe to another call once its lease is over', () => {
    const { clock, breaker, call, run, open } = setup();
    open();
    clock.advance(900_000);
    const lost = call();
    breaker.enter(lost);
    clock.advance(59_999);
    expect(run(OK)).toBeDefined();
    clock.advance(1);
    expect(run(OK)).toBeUndefined();
    lost.dispatched = true;
    breaker.exit(lost, TIMEOUT);
    expect(breaker.snapshot()[0]?.state).toBe('half-open');
  });

  it('does not end the lease of a probe that may still be running', () => {
    const { clock, breaker, call, run, open } = setup();
    open();
    clock.advance(900_000);
    breaker.enter(call({ limits: { timeoutMs: 300_000 } }));
    clock.advance(300_000);
    expect(run(OK)).toBeDefined();
  });

  it('keeps projects, upstreams and configuration revisions apart', () => {
    const { run, open } = setup();
    open();
    expect(run(OK)).toBeDefined();
    expect(run(OK, {}, 'project-2')).toBeUndefined();
    expect(run(OK, { upstream: 'other' })).toBeUndefined();
    expect(run(OK, { configRevision: '2' })).toBeUndefined();
    expect(run(OK, { remoteName: 'another-tool' })).toBeDefined();
  });

  it('counts nothing that was never sent', () => {
    const { breaker, call } = setup();
    for (let count = 0; count < 10; count += 1) {
      const undispatched = call();
      expect(breaker.enter(undispatched)).toBeUndefined();
      breaker.exit(undispatched, failed({ code: 'timeout' }));
    }
    expect(breaker.snapshot()).toEqual([]);
  });

  it('does not blame the upstream for a deadline that this process slept through', () => {
    const { run, breaker } = setup({ wasStalled: () => true });
    for (let count = 0; count < 10; count += 1) expect(run(TIMEOUT)).toBeUndefined();
    expect(breaker.snapshot()).toEqual([]);
    run(failed({ code: 'upstream_unreachable' }));
    expect(breaker.snapshot()).toMatchObject([{ failures: 1 }]);
  });

  it.each(Object.keys(REFUSALS) as RefusalCode[])(
    'reads a failure with the code %s as the catalogue says',
    (code) => {
      expect(breakerEffect(failed({ code }))).toBe(REFUSALS[code].breakerEffect);
      expect(breakerEffect(refused({ code }))).toBe('neutral');
    },
  );

  it('reads any answer as a sign of life, and a caller who left as none', () => {
    expect(breakerEffect(OK)).toBe('success');
    expect(breakerEffect({ kind: 'tool_error', result: { kind: 'value', value: {} } })).toBe('success');
    expect(breakerEffect({ kind: 'protocol_error', code: -32_602, message: 'no' })).toBe('success');
    expect(breakerEffect({ kind: 'cancelled' })).toBe('neutral');
    // The gateway's own shortage of descriptors makes an upstream unreachable that is well.
    expect(breakerEffect(failed({ code: 'upstream_unreachable', breakerEffect: 'neutral' }))).toBe('neutral');
  });

  it('counts a target that throws as neutral, and leaves once', async () => {
    const { breaker } = setup();
    const run = createRunner([breaker], { onInternalError: () => {} });
    for (let count = 0; count < 10; count += 1) {
      const target = makeTarget({ invoke: () => Promise.reject(new Error('broken')) });
      expect(await run(makeCall({ target }))).toMatchObject({ refusal: { code: 'internal' } });
    }
    expect(breaker.snapshot()).toEqual([]);
  });

  it('shows a project only its own breakers', () => {
    const { run, breaker, open } = setup();
    open();
    run(TIMEOUT, {}, 'project-2');
    expect(breaker.snapshot('project-2')).toEqual([
      {
        projectId: 'project-2',
        upstream: 'files',
        configRevision: '1',
        state: 'closed',
        failures: 1,
        retryAfterMs: 0,
      },
    ]);
    expect(breaker.snapshot('project-1')).toMatchObject([{ state: 'open', retryAfterMs: 900_000 }]);
    expect(breaker.snapshot()).toHaveLength(2);
  });

  it('forgets quiet breakers for new ones, but never one that is open or has a call inside', () => {
    const { clock, breaker, call, run, open } = setup({ keysMax: 2 });
    open();
    const inside = call({ upstream: 'b' });
    breaker.enter(inside);
    expect(run(OK, { upstream: 'c' })).toEqual({ code: 'overloaded', retryAfterMs: 1_000 });
    breaker.exit(inside, OK);
    clock.advance(1_000);
    expect(run(OK, { upstream: 'c' })).toBeUndefined();
    expect(run(OK)).toMatchObject({ code: 'circuit_open' });
  });
});
