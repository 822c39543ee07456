import { EventEmitter, on } from 'node:events';

/**
 * What a stand-in saw, in order, and a way to wait for it. Tests wait for the
 * thing itself and never sleep.
 */
export class EventLog<T> {
  readonly #entries: T[] = [];
  readonly #emitter = new EventEmitter();

  get entries(): readonly T[] {
    return this.#entries;
  }

  push(entry: T): void {
    this.#entries.push(entry);
    this.#emitter.emit('entry', entry);
  }

  /** Resolves with the first entry, past or future, that satisfies `matches`. Rejects after `timeoutMs`. */
  async waitFor(matches: (entry: T) => boolean, timeoutMs = 10_000): Promise<T> {
    const signal = AbortSignal.timeout(timeoutMs);
    const future = on(this.#emitter, 'entry', { signal });
    const known = this.#entries.find(matches);
    if (known !== undefined) return known;
    for await (const [entry] of future as AsyncIterable<[T]>) {
      if (matches(entry)) return entry;
    }
    throw new Error('the log ended');
  }
}
