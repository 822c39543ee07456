import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../platform/clock.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { MemoryRateLimitStore, type RateLimitCheck, type RateLimitDecision } from './rate-limit-store.ts';

interface SyncStore {
  take(checks: readonly RateLimitCheck[]): RateLimitDecision;
}
type MakeStore = (clock: Clock) => SyncStore;

/** What can be wrong with a limiter; the properties below must notice each. */
interface Mutation {
  extraCalls?: number;
  /** The window is closed at its old end, so entries live one instant too long. */
  closedWindow?: boolean;
  fixedWindow?: boolean;
  deniedConsumes?: boolean;
  retryOffsetMs?: number;
  oneKeyForAll?: boolean;
  /** Counts against the first checks although a later one denies. */
  halfCounted?: boolean;
  keepsFutureEntries?: boolean;
  dropsFutureEntries?: boolean;
}

/** The rule written down as plainly as possible: a list of times per key, never shortened. */
function naiveStore(mutation: Mutation = {}): MakeStore {
  return (clock) => {
    const times = new Map<string, number[]>();
    const wait = (key: string, { limit }: RateLimitCheck, now: number): number => {
      let log = times.get(key) ?? [];
      if (mutation.dropsFutureEntries === true) log = log.filter((at) => at <= now);
      else if (mutation.keepsFutureEntries !== true) log = log.map((at) => Math.min(at, now));
      times.set(key, log);
      const isCounted = (at: number): boolean => {
        if (mutation.fixedWindow === true)
          return Math.floor(at / limit.windowMs) === Math.floor(now / limit.windowMs);
        return mutation.closedWindow === true ? now - at <= limit.windowMs : now - at < limit.windowMs;
      };
      const counted = log.filter(isCounted);
      const allowed = limit.calls + (mutation.extraCalls ?? 0);
      if (counted.length < allowed) return 0;
      const blocking = counted[counted.length - allowed] ?? now;
      return Math.max(blocking + limit.windowMs - now, Number.MIN_VALUE);
    };
    return {
      take(checks) {
        const now = clock.monotonicMs();
        const keyOf = (check: RateLimitCheck): string => (mutation.oneKeyForAll === true ? 'all' : check.key);
        const count = (check: RateLimitCheck): void => {
          times.set(keyOf(check), [...(times.get(keyOf(check)) ?? []), now]);
        };
        let worst = { waitMs: 0, check: 0 };
        for (const [index, check] of checks.entries()) {
          const waitMs = wait(keyOf(check), check, now);
          if (waitMs > worst.waitMs) worst = { waitMs, check: index };
          else if (mutation.halfCounted === true && checks.length > 1) count(check);
        }
        if (worst.waitMs > 0) {
          if (mutation.deniedConsumes === true) for (const check of checks) count(check);
          const retryAfterMs = Math.max(1, Math.ceil(worst.waitMs)) + (mutation.retryOffsetMs ?? 0);
          return { admitted: false, check: worst.check, retryAfterMs };
        }
        for (const check of checks) count(check);
        return { admitted: true };
      },
    };
  };
}

const LIMITS: readonly RateLimitCheck[] = [
  { key: 'project-a', limit: { calls: 3, windowMs: 1_000 } },
  { key: 'project-b', limit: { calls: 1, windowMs: 250 } },
  { key: 'project-c', limit: { calls: 12, windowMs: 1_000 } },
  { key: 'tool', limit: { calls: 2, windowMs: 400 } },
];

/**
 * Times at which off-by-one errors show, beside arbitrary and fractional ones.
 * The fractions are eighths, so that sums are exact and rounding of the test's
 * own arithmetic is not taken for a fault.
 */
const pause = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 0, 1, 249, 250, 399, 400, 401, 499, 500, 999, 1_000, 1_001) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_600 }).map((eighths) => eighths / 8) },
);
const checks = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LIMITS).map((check) => [check]) },
  { weight: 3, arbitrary: fc.subarray([...LIMITS], { minLength: 2 }) },
);
const step = fc.oneof(
  { weight: 5, arbitrary: checks.map((asked) => ({ kind: 'take' as const, asked })) },
  { weight: 3, arbitrary: pause.map((ms) => ({ kind: 'pause' as const, ms })) },
  { weight: 3, arbitrary: checks.map((asked) => ({ kind: 'retry exactly' as const, asked })) },
);
const steps = fc.array(step, { size: 'max', maxLength: 150, minLength: 1 });
const OPTIONS = { numRuns: 250, seed: 20_261_122 } as const;

/** L1, L2, L3, L5 on a clock that behaves. */
function forwardProperty(
  make: MakeStore,
): fc.IProperty<[typeof steps extends fc.Arbitrary<infer T> ? T : never]> {
  return fc.property(steps, (sequence) => {
    const clock = new TestClock();
    const store = make(clock);
    const admitted = new Map<string, number[]>();
    const take = (asked: readonly RateLimitCheck[]): RateLimitDecision => {
      const now = clock.monotonicMs();
      const free = asked.every(({ key, limit }) => {
        const inWindow = (admitted.get(key) ?? []).filter((at) => now - at < limit.windowMs);
        return inWindow.length < limit.calls;
      });
      const decision = store.take(asked);
      // L1 and L3 and L5 at once: admission depends on this key's admitted calls in the window, and on nothing else.
      expect(decision.admitted).toBe(free);
      if (decision.admitted)
        for (const { key } of asked) admitted.set(key, [...(admitted.get(key) ?? []), now]);
      return decision;
    };
    for (const command of sequence) {
      if (command.kind === 'pause') clock.advance(command.ms);
      else {
        const decision = take(command.asked);
        if (decision.admitted || command.kind === 'take') continue;
        // L2: one millisecond before the promised time it is too early, and then it is not.
        const retryAfterMs = decision.retryAfterMs ?? Number.NaN;
        const longest = Math.max(...command.asked.map(({ limit }) => limit.windowMs));
        expect(retryAfterMs).toBeGreaterThanOrEqual(1);
        expect(retryAfterMs).toBeLessThanOrEqual(longest);
        expect(Number.isInteger(retryAfterMs)).toBe(true);
        clock.advance(retryAfterMs - 1);
        expect(take(command.asked).admitted).toBe(false);
        clock.advance(1);
        expect(take(command.asked).admitted).toBe(true);
      }
    }
  });
}

/** L4: the clock is set back now and then. Real time is counted beside it. */
function backwardProperty(make: MakeStore): fc.IProperty<unknown> {
  const moves = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant({ kind: 'take' as const }) },
      { weight: 3, arbitrary: pause.map((ms) => ({ kind: 'pause' as const, ms })) },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 1, max: 5_000 }).map((ms) => ({ kind: 'set back' as const, ms })),
      },
    ),
    { size: 'max', maxLength: 150 },
  );
  return fc.property(moves, (sequence) => {
    const check: RateLimitCheck = { key: 'project-a', limit: { calls: 3, windowMs: 1_000 } };
    const clock = new TestClock({ monotonicMs: 1_000_000 });
    const store = make(clock);
    let realMs = 0;
    const admitted: number[] = [];
    for (const move of sequence) {
      if (move.kind === 'pause') {
        clock.advance(move.ms);
        realMs += move.ms;
      } else if (move.kind === 'set back') clock.skewMonotonic(-move.ms);
      else {
        const decision = store.take([check]);
        if (decision.admitted) admitted.push(realMs);
        else expect(decision.retryAfterMs).toBeLessThanOrEqual(1_000);
        expect(admitted.filter((at) => realMs - at < 1_000).length).toBeLessThanOrEqual(3);
      }
    }
    // Whoever asks once after the clock was set back, and then waits one window, gets through.
    store.take([check]);
    clock.advance(1_000);
    expect(store.take([check]).admitted).toBe(true);
  });
}

function notices(
  property: (make: MakeStore) => fc.IProperty<never> | fc.IProperty<unknown>,
  make: MakeStore,
): boolean {
  return fc.check(property(make) as fc.IProperty<unknown>, OPTIONS).failed;
}

describe('the sliding-window log', () => {
  const real: MakeStore = (clock) => new MemoryRateLimitStore({ clock });

  it('admits exactly the limit in any window, names the exact retry time, and counts no denied call', () => {
    fc.assert(forwardProperty(real), OPTIONS);
  });

  it('neither over-admits nor locks out for more than a window when the clock goes backwards', () => {
    fc.assert(backwardProperty(real), OPTIONS);
  });

  it('agrees with the rule as written down plainly', () => {
    expect(notices(forwardProperty, naiveStore())).toBe(false);
    expect(notices(backwardProperty, naiveStore())).toBe(false);
  });

  it.each<[string, Mutation]>([
    ['one call more', { extraCalls: 1 }],
    ['one call fewer', { extraCalls: -1 }],
    ['a window closed at both ends', { closedWindow: true }],
    ['a fixed window', { fixedWindow: true }],
    ['denied calls that count', { deniedConsumes: true }],
    ['a retry time one too short', { retryOffsetMs: -1 }],
    ['a retry time one too long', { retryOffsetMs: 1 }],
    ['one log for all keys', { oneKeyForAll: true }],
    ['a refusal that counts for some checks', { halfCounted: true }],
  ])('the first property notices %s', (_name, mutation) => {
    expect(notices(forwardProperty, naiveStore(mutation))).toBe(true);
  });

  it.each<[string, Mutation]>([
    ['entries that stay in the future', { keepsFutureEntries: true }],
    ['entries that are forgotten', { dropsFutureEntries: true }],
  ])('the second property notices %s', (_name, mutation) => {
    expect(notices(backwardProperty, naiveStore(mutation))).toBe(true);
  });
});
