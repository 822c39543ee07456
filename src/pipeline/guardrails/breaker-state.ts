/** Numbers of one breaker; all positive. */
export interface BreakerSettings {
  /** Counted failures within `windowMs` that open it. */
  readonly failures: number;
  readonly windowMs: number;
  /** How long it stays open before it lets a probe through. */
  readonly openMs: number;
  /** Successful probes that close it. */
  readonly probeSuccesses: number;
}

export type BreakerStateName = 'closed' | 'open' | 'half-open';

/** Leave to make one call. Reported at most once. */
export interface BreakerPermit {
  readonly generation: number;
  /** For a probe: when its slot is given to another one, if no report comes. */
  readonly leaseUntilMs: number | undefined;
  isReported: boolean;
}

/** A permit and the breaker that wants its report. */
export interface BreakerHold {
  readonly breaker: { readonly state: BreakerState; outstanding: number };
  readonly permit: BreakerPermit;
}

export type BreakerAnswer =
  | { readonly admitted: true; readonly permit: BreakerPermit }
  /** Open: exact. */
  | { readonly admitted: false; readonly reason: 'open'; readonly retryAfterMs: number }
  /** Half-open, and another call is the probe: when it ends is not known. */
  | { readonly admitted: false; readonly reason: 'probing' };

/** One probe at a time: a recovering upstream must not be met by the whole load that felled it. */
const PROBES_AT_ONCE = 1;

/**
 * The state machine of one breaker. Time is passed in, and never goes
 * backwards here even if it does at the caller's.
 *
 * - closed: the times of counted failures are kept, and a failure counts those
 *   less than `windowMs` old. Successes in between change nothing: the rule is
 *   failures within a window, not in a row.
 * - open: refuses until `openMs` after it opened; the next call after that
 *   finds it half-open. No timer is involved.
 * - half-open: one probe at a time, each with a lease, because a probe whose
 *   report is lost would otherwise block the upstream for ever. Enough
 *   successes close it with an empty window, one failure opens it in full.
 *
 * Each transition starts a new generation, and reports from an older one are
 * ignored: a slow failure from before must not undo a recovery.
 */
export class BreakerState {
  readonly #settings: BreakerSettings;
  #state: BreakerStateName = 'closed';
  #generation = 0;
  #nowMs = Number.NEGATIVE_INFINITY;
  #failuresAtMs: number[] = [];
  #openUntilMs = 0;
  #successes = 0;
  #probes: BreakerPermit[] = [];

  constructor(settings: BreakerSettings) {
    for (const value of Object.values(settings)) {
      if (!(value >= 1 && Number.isFinite(value))) throw new RangeError('a breaker setting is out of bounds');
    }
    this.#settings = settings;
  }

  /** Asks for leave to call. A probe holds its slot for `leaseMs` at most. */
  acquire(nowMs: number, leaseMs: number): BreakerAnswer {
    const now = this.#moveTo(nowMs);
    if (this.#state === 'closed') return this.#admit(undefined);
    if (this.#state === 'open') {
      if (now < this.#openUntilMs) {
        return {
          admitted: false,
          reason: 'open',
          retryAfterMs: Math.max(1, Math.ceil(this.#openUntilMs - now)),
        };
      }
      this.#enter('half-open');
    }
    this.#probes = this.#probes.filter((probe) => isLeased(probe, now));
    const slots = Math.min(PROBES_AT_ONCE, this.#settings.probeSuccesses - this.#successes);
    if (this.#probes.length >= slots) return { admitted: false, reason: 'probing' };
    return this.#admit(now + leaseMs);
  }

  /** Reports how a permitted call went. A second report, a late one and one from before a transition do nothing. */
  report(permit: BreakerPermit, effect: 'failure' | 'success' | 'neutral', nowMs: number): void {
    const now = this.#moveTo(nowMs);
    if (permit.isReported) return;
    permit.isReported = true;
    if (permit.generation !== this.#generation) return;
    if (this.#state === 'closed') {
      if (effect === 'failure') this.#countFailure(now);
      return;
    }
    const isInTime = isLeased(permit, now);
    this.#probes = this.#probes.filter((probe) => probe !== permit);
    if (!isInTime || effect === 'neutral') return;
    if (effect === 'failure') this.#open(now);
    else this.#countSuccess();
  }

  /** The state as a call at `nowMs` would find it, without changing it. */
  view(nowMs: number): {
    readonly state: BreakerStateName;
    readonly failures: number;
    readonly retryAfterMs: number;
  } {
    const now = Math.max(this.#nowMs, nowMs);
    const failures = this.#failuresAtMs.filter((atMs) => now - atMs < this.#settings.windowMs).length;
    if (this.#state !== 'open') return { state: this.#state, failures, retryAfterMs: 0 };
    const retryAfterMs = Math.max(0, Math.ceil(this.#openUntilMs - now));
    return { state: retryAfterMs > 0 ? 'open' : 'half-open', failures, retryAfterMs };
  }

  /** Closed and without a failure in the window, as a new breaker is. */
  isPristine(nowMs: number): boolean {
    return this.#state === 'closed' && this.view(nowMs).failures === 0;
  }

  #moveTo(nowMs: number): number {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    return this.#nowMs;
  }

  #admit(leaseUntilMs: number | undefined): BreakerAnswer {
    const permit: BreakerPermit = { generation: this.#generation, leaseUntilMs, isReported: false };
    if (leaseUntilMs !== undefined) this.#probes.push(permit);
    return { admitted: true, permit };
  }

  #countFailure(now: number): void {
    this.#failuresAtMs = this.#failuresAtMs.filter((atMs) => now - atMs < this.#settings.windowMs);
    this.#failuresAtMs.push(now);
    if (this.#failuresAtMs.length >= this.#settings.failures) this.#open(now);
  }

  #countSuccess(): void {
    this.#successes += 1;
    if (this.#successes >= this.#settings.probeSuccesses) this.#enter('closed');
  }

  #open(now: number): void {
    this.#enter('open');
    this.#openUntilMs = now + this.#settings.openMs;
  }

  #enter(state: BreakerStateName): void {
    this.#state = state;
    this.#generation += 1;
    this.#failuresAtMs = [];
    this.#successes = 0;
    this.#probes = [];
  }
}

/** At the end of its lease a probe's slot is free and its report no longer counts. */
function isLeased(permit: BreakerPermit, now: number): boolean {
  return permit.leaseUntilMs !== undefined && now < permit.leaseUntilMs;
}
