import type { Clock } from '../../platform/clock.ts';
import { RATE_CALLS_MAX } from '../../platform/limits.ts';
import type { RateLimit } from '../target.ts';
import { IdleTable } from './idle-table.ts';

/** One counter that a call has to pass. */
export interface RateLimitCheck {
  /** Whose allowance it is; equal keys share one log. */
  readonly key: string;
  readonly limit: RateLimit;
}

export type RateLimitDecision =
  | { readonly admitted: true }
  | {
      readonly admitted: false;
      /** Position of the check that holds the call back longest. */
      readonly check: number;
      /** Whole milliseconds after which all checks admit, at least 1. */
      readonly retryAfterMs: number;
    }
  /** No room for a further key; nothing was counted. */
  | { readonly admitted: false; readonly check: undefined; readonly retryAfterMs: undefined };

/** Where allowances are counted: this process, or a store that replicas share. */
export interface RateLimitStore {
  /**
   * Counts one call against every check, or against none of them when one
   * denies. A denied call consumes nothing, so polling does not prolong the
   * wait.
   */
  take(checks: readonly RateLimitCheck[]): RateLimitDecision | Promise<RateLimitDecision>;
}

export interface MemoryRateLimitStoreOptions {
  readonly clock: Clock;
  /** Default `TABLE_KEYS_MAX`. */
  readonly keysMax?: number;
}

const TABLE_FULL: RateLimitDecision = { admitted: false, check: undefined, retryAfterMs: undefined };
const ADMITTED: RateLimitDecision = { admitted: true };

/**
 * A sliding-window log per key: the times of the admitted calls. It is the
 * only common algorithm for which "60 per minute" is literally true; token
 * buckets and fixed windows let 120 through in some window of 60 s. The
 * window is half-open, `(now - window, now]`: a call counts until exactly
 * `window` milliseconds later.
 */
export class MemoryRateLimitStore implements RateLimitStore {
  readonly #clock: Clock;
  readonly #logs: IdleTable<AdmissionLog>;

  constructor(options: MemoryRateLimitStoreOptions) {
    this.#clock = options.clock;
    this.#logs = new IdleTable({
      clock: options.clock,
      isIdle: (log, nowMs) => log.isIdle(nowMs),
      ...(options.keysMax === undefined ? {} : { keysMax: options.keysMax }),
    });
  }

  /** Keys in the table, idle ones included. */
  get keys(): number {
    return this.#logs.size;
  }

  take(checks: readonly RateLimitCheck[]): RateLimitDecision {
    const nowMs = this.#clock.monotonicMs();
    let waitMs = 0;
    let check = 0;
    for (const [index, { key, limit }] of checks.entries()) {
      assertRateLimit(limit);
      const log = this.#logs.get(key);
      const logWaitMs = log === undefined ? 0 : log.waitMs(nowMs, limit);
      if (logWaitMs <= waitMs) continue;
      waitMs = logWaitMs;
      check = index;
    }
    // Rounded up, so that a caller who waits exactly this long is admitted.
    if (waitMs > 0) return { admitted: false, check, retryAfterMs: Math.max(1, Math.ceil(waitMs)) };
    return this.#record(checks, nowMs);
  }

  #record(checks: readonly RateLimitCheck[], nowMs: number): RateLimitDecision {
    // Every log is found and held before the first is written to, or a full table would leave a call half counted.
    const logs: AdmissionLog[] = [];
    for (const { key } of checks) {
      const log = this.#logs.get(key) ?? new AdmissionLog();
      log.isHeld = true;
      if (this.#logs.get(key) === undefined && !this.#logs.add(key, log)) {
        for (const held of logs) held.isHeld = false;
        return TABLE_FULL;
      }
      logs.push(log);
    }
    for (const [index, log] of logs.entries()) {
      const limit = checks[index]?.limit;
      if (limit !== undefined) log.record(nowMs, limit);
      log.isHeld = false;
    }
    return ADMITTED;
  }
}

function assertRateLimit(limit: RateLimit): void {
  const isSound = limit.calls >= 1 && limit.calls <= RATE_CALLS_MAX && limit.windowMs > 0;
  if (!isSound || !Number.isFinite(limit.windowMs)) throw new RangeError('a rate limit is out of bounds');
}

/** Most projects never use their whole allowance, so a log starts small and doubles. */
const LOG_CAPACITY_START = 8;

/** Times of admitted calls, oldest first, in a ring that grows up to its limit. */
class AdmissionLog {
  #times = new Float64Array(LOG_CAPACITY_START);
  #start = 0;
  #count = 0;
  #windowMs = 0;
  /** In use by the call that is being counted, and not to be dropped although it may be empty. */
  isHeld = false;

  isIdle(nowMs: number): boolean {
    if (this.isHeld) return false;
    return this.#count === 0 || nowMs - this.#at(this.#count - 1) >= this.#windowMs;
  }

  /** Milliseconds until `limit` admits another call; 0: now. */
  waitMs(nowMs: number, limit: RateLimit): number {
    this.#pullBack(nowMs);
    while (this.#count > 0 && nowMs - this.#at(0) >= limit.windowMs) this.#dropOldest();
    if (this.#count < limit.calls) return 0;
    // After a limit was lowered there are more entries than it allows; then a later one is in the way.
    const blocking = this.#at(this.#count - limit.calls);
    return Math.min(limit.windowMs, blocking + limit.windowMs - nowMs);
  }

  record(nowMs: number, limit: RateLimit): void {
    this.#windowMs = limit.windowMs;
    if (this.#count === this.#times.length) this.#grow();
    this.#times[(this.#start + this.#count) % this.#times.length] = nowMs;
    this.#count += 1;
  }

  /**
   * After a clock went backwards, entries lie in the future and would block
   * for longer than the window. Taken as "just now" they still expire late
   * rather than early, and after at most one window.
   */
  #pullBack(nowMs: number): void {
    for (let index = this.#count - 1; index >= 0 && this.#at(index) > nowMs; index -= 1) {
      this.#times[(this.#start + index) % this.#times.length] = nowMs;
    }
  }

  #at(index: number): number {
    return this.#times[(this.#start + index) % this.#times.length] ?? 0;
  }

  #dropOldest(): void {
    this.#start = (this.#start + 1) % this.#times.length;
    this.#count -= 1;
    // A burst long ago must not hold its memory for as long as the project calls now and then.
    if (this.#count === 0 && this.#times.length > LOG_CAPACITY_START) {
      this.#times = new Float64Array(LOG_CAPACITY_START);
      this.#start = 0;
    }
  }

  #grow(): void {
    const larger = new Float64Array(this.#times.length * 2);
    for (let index = 0; index < this.#count; index += 1) larger[index] = this.#at(index);
    this.#times = larger;
    this.#start = 0;
  }
}
