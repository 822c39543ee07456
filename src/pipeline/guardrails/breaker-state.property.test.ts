import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BreakerState, type BreakerSettings } from './breaker-state.ts';

/**
 * The defaults in small, and a breaker whose rest is shorter than its window
 * and its leases: only there do old failures and old permits outlive a rest.
 */
const USUAL: BreakerSettings = { failures: 5, windowMs: 300, openMs: 900, probeSuccesses: 3 };
const SHORT_REST: BreakerSettings = { failures: 5, windowMs: 3_000, openMs: 30, probeSuccesses: 3 };
const LEASE_MS = 60;

type Effect = 'failure' | 'success' | 'neutral';

/** A breaker as a test drives it: permits are numbered in the order in which they were given. */
interface Driven {
  acquire(now: number): string;
  report(permit: number, effect: Effect, now: number): void;
}

function driveReal(settings: BreakerSettings): Driven {
  const state = new BreakerState(settings);
  const permits: Parameters<BreakerState['report']>[0][] = [];
  return {
    acquire(now) {
      const answer = state.acquire(now, LEASE_MS);
      if (!answer.admitted) return answer.reason === 'open' ? `open ${answer.retryAfterMs}` : 'probing';
      permits.push(answer.permit);
      return 'admitted';
    },
    report(index, effect, now) {
      const permit = permits[index];
      if (permit !== undefined) state.report(permit, effect, now);
    },
  };
}

/** What can be wrong with a breaker; the comparison must notice each. */
interface Mutation {
  failures?: number;
  probeSuccesses?: number;
  /** B1 */ retryOffsetMs?: number;
  opensForLess?: boolean;
  /** B2 */ probesAtOnce?: number;
  /** B3 */ successResets?: boolean;
  closedWindow?: boolean;
  keepsFailuresAfterClosing?: boolean;
  /** B4 */ probeFailureIgnored?: boolean;
  neutralCloses?: boolean;
  neutralOpens?: boolean;
  neutralKeepsSlot?: boolean;
  /** B5 */ noLease?: boolean;
  lateProbeCounts?: boolean;
  /** B6 */ staleFailureCounts?: boolean;
  staleSuccessCounts?: boolean;
  /** B7 */ doubleReportCounts?: boolean;
  /** B8 */ closesWithoutProbes?: boolean;
}

interface NaivePermit {
  generation: number;
  leaseUntil: number;
  reported: boolean;
  isProbe: boolean;
}

/** The rules in their plainest form, with every fault of `Mutation` to be switched on. */
class NaiveBreaker implements Driven {
  readonly #settings: BreakerSettings;
  readonly #m: Mutation;
  state: 'closed' | 'open' | 'half-open' = 'closed';
  readonly #permits: NaivePermit[] = [];
  #generation = 0;
  #failedAt: number[] = [];
  #until = 0;
  #successes = 0;
  /** Transitions that happened, for the check that only legal ones do. */
  readonly transitions: string[] = [];

  constructor(settings: BreakerSettings, mutation: Mutation = {}) {
    this.#settings = settings;
    this.#m = mutation;
  }

  acquire(now: number): string {
    if (this.state === 'open') {
      if (now < this.#until)
        return `open ${Math.max(1, Math.ceil(this.#until - now) + (this.#m.retryOffsetMs ?? 0))}`;
      this.#go(this.#m.closesWithoutProbes === true ? 'closed' : 'half-open');
    }
    if (this.state === 'half-open') {
      const busy = this.#permits.filter(
        (permit) =>
          permit.generation === this.#generation &&
          permit.isProbe &&
          !permit.reported &&
          (this.#m.noLease === true || now < permit.leaseUntil),
      ).length;
      const needed = (this.#m.probeSuccesses ?? this.#settings.probeSuccesses) - this.#successes;
      if (busy >= Math.min(this.#m.probesAtOnce ?? 1, needed)) return 'probing';
    }
    this.#permits.push({
      generation: this.#generation,
      leaseUntil: now + LEASE_MS,
      reported: false,
      isProbe: this.state === 'half-open',
    });
    return 'admitted';
  }

  report(index: number, effect: Effect, now: number): void {
    const permit = this.#permits[index];
    if (permit === undefined) return;
    if (permit.reported && this.#m.doubleReportCounts !== true) return;
    const keepsSlot = this.#m.neutralKeepsSlot === true && effect === 'neutral' && permit.isProbe;
    permit.reported = !keepsSlot;
    if (permit.generation !== this.#generation) {
      const counts = effect === 'failure' ? this.#m.staleFailureCounts : this.#m.staleSuccessCounts;
      if (counts !== true) return;
    }
    if (this.state === 'closed') this.#reportClosed(effect, now);
    else if (this.state === 'half-open') {
      const isLate = !(now < permit.leaseUntil);
      if (!isLate || this.#m.lateProbeCounts === true) this.#reportProbe(effect, now);
    }
  }

  #reportClosed(effect: Effect, now: number): void {
    if (effect === 'success' && this.#m.successResets === true) this.#failedAt = [];
    if (effect !== 'failure') return;
    this.#failedAt.push(now);
    const counted = this.#failedAt.filter((at) =>
      this.#m.closedWindow === true
        ? now - at <= this.#settings.windowMs
        : now - at < this.#settings.windowMs,
    );
    if (counted.length >= (this.#m.failures ?? this.#settings.failures)) this.#open(now);
  }

  #reportProbe(effect: Effect, now: number): void {
    const isFailure = effect === 'failure' || (effect === 'neutral' && this.#m.neutralOpens === true);
    if (isFailure && this.#m.probeFailureIgnored !== true) this.#open(now);
    if (effect === 'success' || (effect === 'neutral' && this.#m.neutralCloses === true)) {
      this.#successes += 1;
      if (this.#successes >= (this.#m.probeSuccesses ?? this.#settings.probeSuccesses)) this.#go('closed');
    }
  }

  #open(now: number): void {
    this.#until = now + (this.#m.opensForLess === true ? this.#settings.openMs / 2 : this.#settings.openMs);
    this.#go('open');
  }

  #go(state: 'closed' | 'open' | 'half-open'): void {
    this.transitions.push(`${this.state} to ${state}`);
    this.state = state;
    this.#generation += 1;
    if (this.#m.keepsFailuresAfterClosing !== true) this.#failedAt = [];
    this.#successes = 0;
  }
}

type Step =
  | { kind: 'pause'; ms: number }
  | { kind: 'acquire' }
  | { kind: 'report'; back: number; effect: Effect }
  | { kind: 'call'; effect: Effect };

/**
 * Weighted so that runs reach half-open and come back from it. Reports choose
 * their permit by how long ago it was given, which mixes fresh, stale and
 * already reported ones.
 */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(0, 1, 10, 29, 30, 59, 60, 61, 74, 75, 150, 299, 300, 450, 899, 900, 901)
      .map((ms) => ({ kind: 'pause' as const, ms })),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'acquire' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(12) }),
      effect: fc.constantFrom<Effect>('failure', 'failure', 'success', 'success', 'neutral'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      effect: fc.constantFrom<Effect>('failure', 'failure', 'failure', 'success', 'success', 'neutral'),
    }),
  },
);

/** A run that is already open or probing reaches the rare branches more often than a blank one. */
const prelude: fc.Arbitrary<Step[]> = fc.constantFrom<Step[]>(
  [],
  Array.from({ length: 4 }, (): Step => ({ kind: 'call', effect: 'failure' })),
  [
    ...Array.from({ length: 5 }, (): Step => ({ kind: 'call', effect: 'failure' })),
    { kind: 'pause', ms: 900 },
  ],
  [
    { kind: 'acquire' },
    { kind: 'acquire' },
    ...Array.from({ length: 5 }, (): Step => ({ kind: 'call', effect: 'failure' })),
    { kind: 'pause', ms: 900 },
    { kind: 'call', effect: 'success' },
    { kind: 'call', effect: 'success' },
  ],
  // Two permits from before the rest, still within their lease, and one success short of closing.
  [
    { kind: 'acquire' },
    { kind: 'acquire' },
    ...Array.from({ length: 5 }, (): Step => ({ kind: 'call', effect: 'failure' })),
    { kind: 'pause', ms: 30 },
    { kind: 'call', effect: 'success' },
    { kind: 'call', effect: 'success' },
  ],
);
const runs = fc.record({
  settings: fc.constantFrom(USUAL, SHORT_REST),
  sequence: fc
    .tuple(prelude, fc.array(step, { size: 'max', maxLength: 120 }))
    .map(([first, rest]) => [...first, ...rest]),
});
const OPTIONS = { numRuns: 600, seed: 20_261_122 } as const;

function equivalence(
  make: (settings: BreakerSettings) => Driven,
): fc.IProperty<[{ settings: BreakerSettings; sequence: Step[] }]> {
  return fc.property(runs, ({ settings, sequence }) => {
    const reference = new NaiveBreaker(settings);
    const driven = make(settings);
    let now = 0;
    let given = 0;
    const acquire = (): boolean => {
      const expected = reference.acquire(now);
      expect(driven.acquire(now)).toBe(expected);
      if (expected === 'admitted') given += 1;
      return expected === 'admitted';
    };
    const report = (index: number, effect: Effect): void => {
      reference.report(index, effect, now);
      driven.report(index, effect, now);
    };
    for (const command of sequence) {
      if (command.kind === 'pause') now += command.ms;
      else if (command.kind === 'acquire') acquire();
      else if (command.kind === 'report') report(given - 1 - command.back, command.effect);
      else if (acquire()) report(given - 1, command.effect);
    }
    // B5: whatever was lost on the way, the upstream is tried again in the end.
    now += settings.openMs + LEASE_MS;
    expect(acquire()).toBe(true);
    // B8
    const legal = ['closed to open', 'open to half-open', 'half-open to open', 'half-open to closed'];
    expect(legal).toEqual(expect.arrayContaining(reference.transitions));
  });
}

describe('the breaker', () => {
  it('does what the rules in their plainest form do', () => {
    fc.assert(equivalence(driveReal), OPTIONS);
  });

  it('is driven by these runs through every state, several times', () => {
    let closings = 0;
    fc.assert(
      fc.property(runs, ({ settings, sequence }) => {
        const breaker = new NaiveBreaker(settings);
        let now = 0;
        let given = 0;
        for (const command of sequence) {
          if (command.kind === 'pause') now += command.ms;
          else if (command.kind === 'report') breaker.report(given - 1 - command.back, command.effect, now);
          else if (breaker.acquire(now) === 'admitted') {
            given += 1;
            if (command.kind === 'call') breaker.report(given - 1, command.effect, now);
          }
        }
        closings += breaker.transitions.filter((name) => name === 'half-open to closed').length;
      }),
      OPTIONS,
    );
    expect(closings).toBeGreaterThan(50);
  });

  it.each<[string, Mutation]>([
    ['one failure fewer', { failures: 4 }],
    ['one failure more', { failures: 6 }],
    ['one probe fewer', { probeSuccesses: 2 }],
    ['one probe more', { probeSuccesses: 4 }],
    ['a retry time one too short', { retryOffsetMs: -1 }],
    ['a retry time one too long', { retryOffsetMs: 1 }],
    ['a rest that is too short', { opensForLess: true }],
    ['two probes at once', { probesAtOnce: 2 }],
    ['a success that clears the window', { successResets: true }],
    ['a window closed at both ends', { closedWindow: true }],
    ['failures that survive a recovery', { keepsFailuresAfterClosing: true }],
    ['a failed probe that changes nothing', { probeFailureIgnored: true }],
    ['a neutral probe that helps to close', { neutralCloses: true }],
    ['a neutral probe that opens', { neutralOpens: true }],
    ['a neutral probe that keeps its slot', { neutralKeepsSlot: true }],
    ['a lost probe that blocks for ever', { noLease: true }],
    ['a probe that counts after its lease', { lateProbeCounts: true }],
    ['a failure from before a transition', { staleFailureCounts: true }],
    ['a success from before a transition', { staleSuccessCounts: true }],
    ['a second report that counts', { doubleReportCounts: true }],
    ['closing without a probe', { closesWithoutProbes: true }],
  ])('the comparison notices %s', (_name, mutation) => {
    expect(
      fc.check(
        equivalence((settings) => new NaiveBreaker(settings, mutation)),
        OPTIONS,
      ).failed,
    ).toBe(true);
  });
});
