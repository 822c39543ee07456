import type { CancelTimer, Clock } from '../platform/clock.ts';

interface PendingTimer {
  readonly dueMs: number;
  readonly fn: () => void;
}

export interface TestClockOptions {
  /** Epoch milliseconds at the start. Default: 2026-01-01T00:00:00Z. */
  nowMs?: number;
  /** Monotonic milliseconds at the start. Default 1,000: zero would hide a comparison with "never". */
  monotonicMs?: number;
}

/**
 * A clock that stands still until a test moves it. `advance` runs what falls
 * due in the order of its due time, and equal due times in the order of
 * scheduling, as the real event loop does; a timer that schedules another one
 * inside the advanced span sees that one run too.
 */
export class TestClock implements Clock {
  #nowMs: number;
  #monotonicMs: number;
  readonly #timers = new Set<PendingTimer>();

  constructor(options: TestClockOptions = {}) {
    this.#nowMs = options.nowMs ?? Date.UTC(2026, 0, 1);
    this.#monotonicMs = options.monotonicMs ?? 1_000;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, fn: () => void): CancelTimer {
    const timer: PendingTimer = {
      dueMs: this.#monotonicMs + Math.max(0, delayMs),
      fn,
    };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that are scheduled and have neither run nor been cancelled. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves both clocks forward and runs every timer that falls due on the way. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('a clock is advanced by zero or more milliseconds');
    const endMs = this.#monotonicMs + ms;
    for (let next = this.#nextDue(endMs); next !== undefined; next = this.#nextDue(endMs)) {
      this.#timers.delete(next);
      this.#moveTo(Math.max(next.dueMs, this.#monotonicMs));
      next.fn();
    }
    this.#moveTo(endMs);
  }

  /**
   * Like `advance`, but lets promises settle before, between and after the
   * timers, for code that awaits between one timer and the next.
   */
  async advanceAsync(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await flushPromises();
    for (let next = this.#nextDue(endMs); next !== undefined; next = this.#nextDue(endMs)) {
      this.advance(Math.max(0, next.dueMs - this.#monotonicMs));
      await flushPromises();
    }
    this.advance(Math.max(0, endMs - this.#monotonicMs));
    await flushPromises();
  }

  /** Sets the wall clock alone, as an operator or NTP does; may go backwards. */
  setWallClock(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  /** Moves the monotonic clock by any amount, also backwards, without running timers: for tests of broken clocks. */
  skewMonotonic(ms: number): void {
    this.#monotonicMs += ms;
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #nextDue(endMs: number): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > endMs) continue;
      if (next === undefined || timer.dueMs < next.dueMs) next = timer;
    }
    return next;
  }
}

/** Lets every promise that can settle without a timer settle. */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
