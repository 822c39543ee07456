import type { CallSignal } from '../../../src/upstream/upstream.ts';

/** A signal that a test aborts by hand. */
export class TestSignal implements CallSignal {
  #cause: 'deadline' | 'caller' | 'drain' | undefined;
  #listener: (() => void) | undefined;

  get aborted(): boolean {
    return this.#cause !== undefined;
  }

  get abortCause(): 'deadline' | 'caller' | 'drain' | undefined {
    return this.#cause;
  }

  get hasListener(): boolean {
    return this.#listener !== undefined;
  }

  onAbort(listener: () => void): () => void {
    if (this.aborted) {
      listener();
      return () => {};
    }
    if (this.#listener !== undefined) throw new Error('one listener at a time');
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }

  abort(cause: 'deadline' | 'caller' | 'drain'): void {
    this.#cause = cause;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.();
  }
}

export function options(
  signal: CallSignal = new TestSignal(),
  responseBytesMax = 64 * 1024,
): {
  signal: CallSignal;
  responseBytesMax: number;
} {
  return { signal, responseBytesMax };
}
