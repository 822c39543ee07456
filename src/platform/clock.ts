/** Stops a scheduled callback; calling it twice or late does nothing. */
export type CancelTimer = () => void;

/**
 * Time as a port, so that limiters, breakers, deadlines and jobs are tested
 * without sleeping. Nothing outside `platform/` reads the real clock.
 */
export interface Clock {
  /** Wall-clock time, epoch milliseconds. For records that people read. */
  nowMs(): number;
  /** Milliseconds on a clock that never goes backwards. For every duration and deadline. */
  monotonicMs(): number;
  /**
   * Runs `fn` once, `delayMs` from now. The timer does not hold the process
   * open: a gateway that is asked to stop must not wait for a breaker.
   */
  after(delayMs: number, fn: () => void): CancelTimer;
}

/** The real clock of this process. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, fn) {
    const timer = setTimeout(fn, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Resolves `delayMs` from now on `clock`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Longer than any process lives between two wake-ups that would matter; the timer does nothing. */
const HOLD_TURN_MS = 3_600_000;

/**
 * Keeps the process open until the returned function is called: timers of a
 * clock do not, so a command that only waits for its next poll would end.
 */
export function holdProcessOpen(): CancelTimer {
  const timer = setInterval(() => {}, HOLD_TURN_MS);
  return () => {
    clearInterval(timer);
  };
}
