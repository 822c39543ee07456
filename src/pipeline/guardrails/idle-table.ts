import type { Clock } from '../../platform/clock.ts';
import { TABLE_KEYS_MAX, TABLE_SWEEP_MS_MIN } from '../../platform/limits.ts';

export interface IdleTableOptions<V> {
  readonly clock: Clock;
  /** True when forgetting the entry changes no decision. */
  readonly isIdle: (value: V, nowMs: number) => boolean;
  /** Default `TABLE_KEYS_MAX`. */
  readonly keysMax?: number;
}

/**
 * A bounded table of counters. Room is made only by dropping entries that
 * carry no state: evicting a busy one would hand its owner a fresh allowance,
 * so a full table of busy entries takes no new key.
 */
export class IdleTable<V> {
  readonly #options: IdleTableOptions<V>;
  readonly #keysMax: number;
  readonly #entries = new Map<string, V>();
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: IdleTableOptions<V>) {
    this.#options = options;
    this.#keysMax = options.keysMax ?? TABLE_KEYS_MAX;
    if (!(this.#keysMax >= 1)) throw new RangeError('keysMax must be at least 1');
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<[string, V]> {
    return this.#entries.entries();
  }

  /** Adds an entry; false when the table is full of busy ones. */
  add(key: string, value: V): boolean {
    if (this.#entries.size >= this.#keysMax) {
      const nowMs = this.#options.clock.monotonicMs();
      if (!this.#dropOldestIfIdle(nowMs)) this.#sweep(nowMs);
      if (this.#entries.size >= this.#keysMax) return false;
    }
    this.#entries.set(key, value);
    return true;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #dropOldestIfIdle(nowMs: number): boolean {
    for (const [key, value] of this.#entries) {
      if (!this.#options.isIdle(value, nowMs)) return false;
      this.#entries.delete(key);
      return true;
    }
    return false;
  }

  /** A search of the whole table, rarely enough that a flood of new keys cannot make it the main work. */
  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptAtMs < TABLE_SWEEP_MS_MIN) return;
    this.#sweptAtMs = nowMs;
    for (const [key, value] of this.#entries) {
      if (this.#options.isIdle(value, nowMs)) this.#entries.delete(key);
    }
  }
}
