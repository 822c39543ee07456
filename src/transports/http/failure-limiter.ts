import { TABLE_KEYS_MAX } from '../../platform/limits.ts';

/** Bad requests one address may send in a window before it is turned away unread. */
export const BAD_REQUESTS_MAX = 300;
const WINDOW_MS = 60_000;

interface Entry {
  windowStartMs: number;
  count: number;
}

/**
 * Counts requests that failed before or at authentication, by remote address.
 * Callers with a good token are served all the same: behind a load balancer
 * all callers share one address, and one of them must not lock out the rest.
 */
export class FailureLimiter {
  readonly #entries = new Map<string, Entry>();
  readonly #monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  isOver(address: string): boolean {
    const entry = this.#entries.get(address);
    return entry !== undefined && this.#isCurrent(entry) && entry.count >= BAD_REQUESTS_MAX;
  }

  recordFailure(address: string): void {
    const entry = this.#entries.get(address);
    if (entry !== undefined && this.#isCurrent(entry)) {
      entry.count += 1;
      return;
    }
    this.#entries.delete(address);
    if (this.#entries.size >= TABLE_KEYS_MAX) this.#evictOldest();
    this.#entries.set(address, { windowStartMs: this.#monotonicMs(), count: 1 });
  }

  #isCurrent(entry: Entry): boolean {
    return this.#monotonicMs() - entry.windowStartMs < WINDOW_MS;
  }

  /** Insertion order is start order, so the first key is the one whose window ends first. */
  #evictOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
