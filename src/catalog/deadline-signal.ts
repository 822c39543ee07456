import type { Clock } from '../platform/clock.ts';
import type { CallSignal } from '../upstream/index.ts';

/** A signal of its own for work that no single caller owns, such as fetching a shared list. */
export interface DeadlineSignal extends CallSignal {
  /** Stops the timer; call it when the work is done. */
  release(): void;
}

export function deadlineSignal(clock: Clock, timeoutMs: number): DeadlineSignal {
  let aborted = false;
  let listener: (() => void) | undefined;
  const cancel = clock.after(timeoutMs, () => {
    aborted = true;
    const call = listener;
    listener = undefined;
    call?.();
  });
  return {
    get aborted() {
      return aborted;
    },
    abortCause: 'deadline',
    onAbort(fn) {
      if (aborted) {
        fn();
        return () => {};
      }
      listener = fn;
      return () => {
        if (listener === fn) listener = undefined;
      };
    },
    release: cancel,
  };
}
