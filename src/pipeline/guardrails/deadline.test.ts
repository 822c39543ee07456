import { describe, expect, it } from 'vitest';
import { DeadlineQueue } from '../../platform/deadlines.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { makeCall, makeTarget, OK } from '../fixtures/make-call.ts';
import type { Outcome } from '../outcome.ts';
import { createRunner } from '../run-pipeline.ts';
import { createDeadlineGuardrail } from './deadline.ts';

function setup() {
  const clock = new TestClock();
  const deadlines = new DeadlineQueue(clock);
  return { clock, deadlines, guardrail: createDeadlineGuardrail(deadlines) };
}

describe('deadline', () => {
  it('aborts the call at its deadline, not before, and reaches whoever listens', () => {
    const { clock, guardrail } = setup();
    const call = makeCall();
    let heard = 0;
    call.onAbort(() => {
      heard += 1;
    });
    expect(guardrail.enter(call)).toBeUndefined();
    clock.advance(9_999);
    expect(call.aborted).toBe(false);
    clock.advance(11);
    expect(call.abortCause).toBe('deadline');
    expect(heard).toBe(1);
  });

  it('leaves nothing behind when the call is over in time', () => {
    const { clock, deadlines, guardrail } = setup();
    const call = makeCall();
    expect(guardrail.enter(call)).toBeUndefined();
    expect(guardrail.exit?.(call, OK)).toBe(OK);
    expect(deadlines.size).toBe(0);
    clock.advance(20_000);
    expect(call.aborted).toBe(false);
  });

  it('never waits longer than the ceiling', () => {
    const { clock, guardrail } = setup();
    const call = makeCall({ target: makeTarget({ limits: { timeoutMs: 10_000_000 } }) });
    expect(guardrail.enter(call)).toBeUndefined();
    clock.advance(300_010);
    expect(call.abortCause).toBe('deadline');
  });

  it.each([0, -1, Number.NaN])('dispatches nothing under a timeout of %s', async (timeoutMs) => {
    const { guardrail } = setup();
    const errors: unknown[] = [];
    const run = createRunner([guardrail], { onInternalError: (error) => errors.push(error) });
    const outcome = await run(makeCall({ target: makeTarget({ limits: { timeoutMs } }) }));
    expect(outcome).toEqual({ kind: 'refused', refusal: { code: 'internal' } });
    expect(errors).toHaveLength(1);
  });

  it('is not extended by an upstream that shows progress', async () => {
    const { clock, guardrail } = setup();
    const run = createRunner([guardrail], { onInternalError: () => {} });
    const call = makeCall({
      target: makeTarget({
        invoke: (running) =>
          new Promise<Outcome>((resolve) => {
            const drip = (): void => {
              if (running.aborted) resolve({ kind: 'failed', refusal: { code: 'upstream_error' } });
              else clock.after(500, drip);
            };
            drip();
          }),
      }),
    });
    const outcome = run(call);
    await clock.advanceAsync(11_000);
    expect(await outcome).toEqual({ kind: 'failed', refusal: { code: 'timeout' } });
  });
});
