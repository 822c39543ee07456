import type { Clock } from '../../platform/clock.ts';
import type { CallSignal } from '../upstream.ts';

/** A signal that aborts at a deadline of its own, for work that belongs to no single caller. */
export class Deadline implements CallSignal {
  readonly #cancelTimer: () => void;
  #listener: (() => void) | undefined;
  #aborted = false;

  constructor(clock: Clock, timeoutMs: number) {
    this.#cancelTimer = clock.after(timeoutMs, () => {
      this.expire();
    });
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get abortCause(): 'deadline' | undefined {
    return this.#aborted ? 'deadline' : undefined;
  }

  onAbort(listener: () => void): () => void {
    if (this.#aborted) {
      listener();
      return noop;
    }
    if (this.#listener !== undefined) throw new Error('a deadline has one listener at a time');
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }

  /** Aborts before the time, for work that has become pointless. */
  expire(): void {
    if (this.#aborted) return;
    this.#cancelTimer();
    this.#aborted = true;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.();
  }

  /** Stops the timer; the signal then never aborts. */
  release(): void {
    this.#cancelTimer();
    this.#listener = undefined;
  }
}

function noop(): void {}
