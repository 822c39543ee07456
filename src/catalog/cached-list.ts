import type { Clock } from '../platform/clock.ts';
import type { Outcome } from '../pipeline/index.ts';

export type FetchResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly outcome: Outcome };

/** How long a list is taken as current. After it the old one is still served while a new one is fetched. */
export const LIST_FRESH_MS = 60_000;

/**
 * After a failed fetch the upstream is left alone for this long, doubling to
 * the maximum: every list request of every client would otherwise wait for a
 * dead upstream's deadline.
 */
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;

/** A name that is not in the list may be new upstream; it is asked again at most this often. */
const MISS_REFRESH_MS = 5_000;

/**
 * One list of one upstream: fetched once for all callers, served stale while
 * it is renewed, kept as last known good while the upstream is away.
 */
export class CachedList<T> {
  readonly #fetch: () => Promise<FetchResult<T>>;
  readonly #clock: Clock;
  #value: T | undefined;
  #fetchedAtMs = 0;
  #failure: Outcome | undefined;
  #failures = 0;
  #retryAtMs = 0;
  #pending: Promise<FetchResult<T>> | undefined;

  constructor(fetch: () => Promise<FetchResult<T>>, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /** The last good value, however old. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Why the last fetch failed; undefined when it succeeded. */
  get failure(): Outcome | undefined {
    return this.#failure;
  }

  /** The value, at once when there is one; a stale one is renewed in the background. */
  get(): FetchResult<T> | Promise<FetchResult<T>> {
    const now = this.#clock.monotonicMs();
    if (this.#value !== undefined) {
      if (now - this.#fetchedAtMs >= LIST_FRESH_MS && now >= this.#retryAtMs) void this.load();
      return { ok: true, value: this.#value };
    }
    if (this.#failure !== undefined && now < this.#retryAtMs) return { ok: false, outcome: this.#failure };
    return this.load();
  }

  /** True when a name missing from the value justifies asking the upstream again. */
  get mayRefreshForMiss(): boolean {
    const now = this.#clock.monotonicMs();
    return this.#value === undefined || now - this.#fetchedAtMs >= MISS_REFRESH_MS;
  }

  /** Fetches now; concurrent callers share one fetch. Never rejects if the fetch does not. */
  load(): Promise<FetchResult<T>> {
    this.#pending ??= this.#run();
    return this.#pending;
  }

  async #run(): Promise<FetchResult<T>> {
    const result = await this.#fetch();
    const now = this.#clock.monotonicMs();
    this.#pending = undefined;
    if (result.ok) {
      this.#value = result.value;
      this.#fetchedAtMs = now;
      this.#failure = undefined;
      this.#failures = 0;
      this.#retryAtMs = 0;
    } else {
      this.#failure = result.outcome;
      this.#retryAtMs = now + Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(this.#failures, 10));
      this.#failures += 1;
    }
    return result;
  }
}
