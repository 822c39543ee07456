import type { CallSignal } from '../upstream.ts';

/**
 * One attempt at a time that any number of callers wait for. The attempt has a
 * deadline of its own and is not tied to the caller that happened to start it;
 * a caller that leaves takes only itself away. Nothing of a finished attempt
 * is kept, so the next caller tries again.
 */
export class SharedAttempt<T> {
  #running: Promise<T> | undefined;

  /** Joins the running attempt or starts one. `start` must not reject. `onLeave` makes the value of a caller that left. */
  join(start: () => Promise<T>, signal: CallSignal, onLeave: () => T): Promise<T> {
    if (signal.aborted) return Promise.resolve(onLeave());
    const attempt = this.#running ?? this.#start(start);
    return new Promise<T>((resolve) => {
      const withdraw = signal.onAbort(() => {
        resolve(onLeave());
      });
      void attempt.then((value) => {
        withdraw();
        resolve(value);
      });
    });
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  #start(start: () => Promise<T>): Promise<T> {
    const attempt = start().finally(() => {
      this.#running = undefined;
    });
    this.#running = attempt;
    return attempt;
  }
}
