import { describe, expect, it } from 'vitest';
import { DeadlineQueue } from '../../platform/deadlines.ts';
import { flushPromises, TestClock } from '../../testing/test-clock.ts';
import type { Call } from '../call.ts';
import { makeCall, makePrincipal, makeTarget, OK } from '../fixtures/make-call.ts';
import type { Outcome, Refusal } from '../outcome.ts';
import { createRunner } from '../run-pipeline.ts';
import { ConcurrencyGuardrail, type ConcurrencyLimits } from './concurrency.ts';

const LIMITS: ConcurrencyLimits = {
  projectInFlight: 20,
  upstreamInFlight: 10,
  upstreamWaiting: 10,
  waitMs: 1_000,
};
const NO_SLOT: Refusal = { code: 'concurrency_limited', retryAfterMs: 500 };

function setup(overrides: Partial<ConcurrencyLimits> = {}) {
  const clock = new TestClock();
  const deadlines = new DeadlineQueue(clock);
  const guardrail = new ConcurrencyGuardrail({ deadlines, limits: () => ({ ...LIMITS, ...overrides }) });
  const call = (upstream = 'files', projectId = 'project-1'): Call =>
    makeCall({ principal: makePrincipal({ projectId }), target: makeTarget({ upstream }) });
  /** Enters, and notes the verdict when it is known. */
  const enter = (entered: Call): { verdict: Refusal | 'passed' | 'waiting' } => {
    const state: { verdict: Refusal | 'passed' | 'waiting' } = { verdict: 'waiting' };
    const answer = guardrail.enter(entered);
    if (answer instanceof Promise) {
      void answer.then((refusal) => {
        state.verdict = refusal ?? 'passed';
      });
    } else state.verdict = answer ?? 'passed';
    return state;
  };
  const fill = (count: number, upstream = 'files', projectId = 'project-1'): Call[] =>
    Array.from({ length: count }, () => {
      const filling = call(upstream, projectId);
      expect(enter(filling).verdict).toBe('passed');
      return filling;
    });
  return { clock, deadlines, guardrail, call, enter, fill };
}

describe('concurrency', () => {
  it('runs ten calls per upstream at once, lets ten wait, and refuses the next', () => {
    const { call, enter, fill, guardrail } = setup();
    fill(10);
    for (let count = 0; count < 10; count += 1) expect(enter(call()).verdict).toBe('waiting');
    expect(enter(call()).verdict).toEqual(NO_SLOT);
    expect(guardrail.snapshot('project-1')).toEqual({ inFlight: 10, waiting: 10 });
  });

  it('starts those who wait in order of arrival', async () => {
    const { guardrail, call, enter, fill } = setup({ upstreamInFlight: 1 });
    const [running] = fill(1);
    const first = enter(call());
    const second = enter(call());
    guardrail.exit(running as Call, OK);
    await flushPromises();
    expect([first.verdict, second.verdict]).toEqual(['passed', 'waiting']);
  });

  it('lets nobody wait longer than a second', async () => {
    const { clock, call, enter, fill, guardrail } = setup({ upstreamInFlight: 1 });
    fill(1);
    const waiting = enter(call());
    await clock.advanceAsync(999);
    expect(waiting.verdict).toBe('waiting');
    await clock.advanceAsync(11);
    expect(waiting.verdict).toEqual(NO_SLOT);
    expect(guardrail.snapshot('project-1').waiting).toBe(0);
  });

  it('bounds a project over all of its upstreams', async () => {
    const { guardrail, call, enter, fill } = setup();
    const [first] = fill(10, 'a');
    fill(10, 'b');
    const waiting = enter(call('c'));
    expect(waiting.verdict).toBe('waiting');
    guardrail.exit(first as Call, OK);
    await flushPromises();
    expect(waiting.verdict).toBe('passed');
    expect(guardrail.snapshot('project-1').inFlight).toBe(20);
  });

  it('does not let a call that waits for one upstream hold up those for another', async () => {
    const { guardrail, call, enter, fill } = setup({ projectInFlight: 3, upstreamInFlight: 2 });
    fill(2, 'a');
    const [b] = fill(1, 'b');
    const forA = enter(call('a'));
    const forB = enter(call('b'));
    guardrail.exit(b as Call, OK);
    await flushPromises();
    expect([forA.verdict, forB.verdict]).toEqual(['waiting', 'passed']);
  });

  it('leaves other projects untouched by one that floods', () => {
    const { call, enter, fill } = setup();
    fill(10, 'files', 'flood');
    for (let count = 0; count < 50; count += 1) enter(call('files', 'flood'));
    expect(enter(call('files', 'quiet')).verdict).toBe('passed');
  });

  it('takes an aborted call out of the queue at once, and its slot goes to the next', async () => {
    const { clock, guardrail, call, enter, fill, deadlines } = setup({ upstreamInFlight: 1 });
    const [running] = fill(1);
    const gone = call();
    const first = enter(gone);
    const second = enter(call());
    gone.abort('caller');
    await flushPromises();
    expect(first.verdict).toEqual(NO_SLOT);
    guardrail.exit(running as Call, OK);
    await flushPromises();
    expect(second.verdict).toBe('passed');
    expect(deadlines.size).toBe(0);
    clock.advance(5_000);
  });

  it('does not queue a call that is already aborted', async () => {
    const { call, enter, fill, guardrail, deadlines } = setup({ upstreamInFlight: 1 });
    fill(1);
    const gone = call();
    gone.abort('caller');
    const state = enter(gone);
    await flushPromises();
    expect(state.verdict).toEqual(NO_SLOT);
    expect(guardrail.snapshot('project-1').waiting).toBe(0);
    expect(deadlines.size).toBe(0);
  });

  it('frees the abort listener for the target when the wait is over', async () => {
    const { guardrail, call, enter, fill } = setup({ upstreamInFlight: 1 });
    const [running] = fill(1);
    const waiting = call();
    enter(waiting);
    guardrail.exit(running as Call, OK);
    await flushPromises();
    expect(() => waiting.onAbort(() => {})).not.toThrow();
  });

  it('gives every slot back, however calls end, and then knows no project any more', async () => {
    const { clock, guardrail, call } = setup({ upstreamInFlight: 2, upstreamWaiting: 3 });
    const run = createRunner([guardrail], { onInternalError: () => {} });
    const endings: (() => Promise<Outcome>)[] = [
      () => Promise.resolve(OK),
      () => Promise.reject(new Error('broken')),
      () => Promise.resolve({ kind: 'failed', refusal: { code: 'timeout' } }),
      () =>
        new Promise((resolve) =>
          clock.after(400, () => {
            resolve(OK);
          }),
        ),
    ];
    const outcomes: Promise<Outcome>[] = [];
    for (let index = 0; index < 200; index += 1) {
      const invoke = endings[index % endings.length] ?? (() => Promise.resolve(OK));
      const running = makeCall({
        principal: makePrincipal({ projectId: `project-${index % 3}` }),
        target: makeTarget({ upstream: `upstream-${index % 2}`, invoke }),
      });
      outcomes.push(run(running));
      if (index % 7 === 0) running.abort('caller');
      if (index % 11 === 0) await clock.advanceAsync(150);
    }
    await clock.advanceAsync(5_000);
    await Promise.all(outcomes);
    expect(guardrail.projectCount).toBe(0);
    expect(guardrail.enter(call())).toBeUndefined();
  });

  it('gives back the slot of a call that was aborted in the instant in which it got it', async () => {
    const { guardrail, call, fill } = setup({ upstreamInFlight: 1 });
    const run = createRunner([guardrail], { onInternalError: () => {} });
    const [running] = fill(1);
    const waiting = call();
    const outcome = run(waiting);
    guardrail.exit(running as Call, OK);
    waiting.abort('caller');
    expect(await outcome).toEqual({ kind: 'cancelled' });
    expect(guardrail.projectCount).toBe(0);
  });

  it.each([{ projectInFlight: 0 }, { upstreamInFlight: Number.NaN }, { upstreamWaiting: -1 }, { waitMs: 0 }])(
    'takes no limit that would mean nothing: %o',
    (unsound) => {
      const { guardrail, call } = setup(unsound);
      expect(() => guardrail.enter(call())).toThrow(RangeError);
      expect(guardrail.projectCount).toBe(0);
    },
  );
});
