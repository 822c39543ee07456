import type { CancelTimer, Clock } from './clock.ts';
import { DEADLINE_TICK_MS } from './limits.ts';

/** A running deadline. Removing it twice, or after it has fired, does nothing. */
export interface DeadlineHandle {
  remove(): void;
}

export interface DeadlineQueueOptions {
  /** Least time between two wake-ups, and so the most by which a deadline is late. Default 10 ms. */
  tickMs?: number;
}

/** `setTimeout` treats anything longer as 1 ms, which would fire at once. */
const DURATION_MS_MAX = 2 ** 31 - 1;

/**
 * Deadlines for many calls with one timer. Calls that share a duration fall
 * due in the order in which they came, so each duration is a list with the
 * next deadline at its head: adding and removing are a few pointer writes,
 * where a timer per call costs more than the rest of the pipeline. The timer
 * sleeps until the earliest head and is not armed again while nothing waits.
 *
 * A deadline never fires early. It fires late by at most one tick, plus what
 * the event loop itself is late.
 */
export class DeadlineQueue {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #lists = new Map<number, DeadlineList>();
  #size = 0;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #cancelTimer: CancelTimer | undefined;

  constructor(clock: Clock, options: DeadlineQueueOptions = {}) {
    const tickMs = options.tickMs ?? DEADLINE_TICK_MS;
    if (!(tickMs > 0)) throw new RangeError('tickMs must be positive');
    this.#clock = clock;
    this.#tickMs = tickMs;
  }

  /** Deadlines that have neither fired nor been removed. */
  get size(): number {
    return this.#size;
  }

  /**
   * Calls `onExpire` once, `durationMs` from now, unless the handle is removed
   * first. Throws RangeError for a duration that is not positive and finite:
   * zero must not come to mean "no deadline".
   */
  add(durationMs: number, onExpire: () => void): DeadlineHandle {
    if (!(durationMs > 0 && durationMs <= DURATION_MS_MAX)) {
      throw new RangeError('a deadline needs a positive duration of at most 2^31 - 1 ms');
    }
    const nowMs = this.#clock.monotonicMs();
    const dueMs = nowMs + durationMs;
    let list = this.#lists.get(durationMs);
    if (list === undefined) {
      list = new DeadlineList(durationMs, this.#onDropped);
      this.#lists.set(durationMs, list);
    }
    const entry = new DeadlineEntry(list, dueMs, onExpire);
    list.append(entry);
    this.#size += 1;
    if (dueMs < this.#wakeAtMs) this.#armAt(nowMs, dueMs);
    return entry;
  }

  /** Drops every deadline without firing it. */
  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
    for (const list of this.#lists.values()) list.clear();
    this.#lists.clear();
    this.#size = 0;
  }

  readonly #onDropped = (list: DeadlineList): void => {
    this.#size -= 1;
    // An empty list goes, or a table of durations would grow with every tool's own timeout.
    if (list.head === undefined && this.#lists.get(list.durationMs) === list)
      this.#lists.delete(list.durationMs);
  };

  #armAt(nowMs: number, dueMs: number): void {
    this.#cancelTimer?.();
    this.#wakeAtMs = dueMs;
    // Rounded up, because timers truncate fractions and would wake too early.
    this.#cancelTimer = this.#clock.after(Math.ceil(dueMs - nowMs), () => this.#wake());
  }

  #wake(): void {
    this.#cancelTimer = undefined;
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonicMs();
    const due: DeadlineEntry[] = [];
    let nextDueMs = Number.POSITIVE_INFINITY;
    for (const list of this.#lists.values()) {
      for (let entry = list.head; entry !== undefined; entry = entry.next) {
        if (entry.dueMs > nowMs) {
          nextDueMs = Math.min(nextDueMs, entry.dueMs);
          break;
        }
        due.push(entry);
      }
    }
    // Armed before the callbacks run, so that one that throws does not stop the clock for all the others.
    if (nextDueMs !== Number.POSITIVE_INFINITY) {
      this.#armAt(nowMs, Math.max(nextDueMs, nowMs + this.#tickMs));
    }
    fireAll(due);
  }
}

/** Fires in order of due time; every entry fires even when an earlier callback throws. */
function fireAll(due: DeadlineEntry[]): void {
  due.sort((a, b) => a.dueMs - b.dueMs);
  let firstError: { readonly cause: unknown } | undefined;
  for (const entry of due) {
    try {
      entry.fire();
    } catch (error) {
      firstError ??= { cause: error };
    }
  }
  if (firstError !== undefined) throw firstError.cause;
}

class DeadlineEntry implements DeadlineHandle {
  readonly dueMs: number;
  previous: DeadlineEntry | undefined;
  next: DeadlineEntry | undefined;
  isLinked = false;
  readonly #list: DeadlineList;
  readonly #onExpire: () => void;

  constructor(list: DeadlineList, dueMs: number, onExpire: () => void) {
    this.#list = list;
    this.dueMs = dueMs;
    this.#onExpire = onExpire;
  }

  remove(): void {
    if (this.isLinked) this.#list.drop(this);
  }

  fire(): void {
    // An earlier callback of the same wake-up may have removed this one.
    if (!this.isLinked) return;
    this.#list.drop(this);
    this.#onExpire();
  }
}

class DeadlineList {
  readonly durationMs: number;
  head: DeadlineEntry | undefined;
  #tail: DeadlineEntry | undefined;
  readonly #onDropped: (list: DeadlineList) => void;

  constructor(durationMs: number, onDropped: (list: DeadlineList) => void) {
    this.durationMs = durationMs;
    this.#onDropped = onDropped;
  }

  append(entry: DeadlineEntry): void {
    entry.isLinked = true;
    entry.previous = this.#tail;
    if (this.#tail === undefined) this.head = entry;
    else this.#tail.next = entry;
    this.#tail = entry;
  }

  drop(entry: DeadlineEntry): void {
    entry.isLinked = false;
    if (entry.previous === undefined) this.head = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.#tail = entry.previous;
    else entry.next.previous = entry.previous;
    entry.previous = undefined;
    entry.next = undefined;
    this.#onDropped(this);
  }

  /** Forgets all entries without firing them; their handles then do nothing. */
  clear(): void {
    for (let entry = this.head; entry !== undefined; entry = entry.next) entry.isLinked = false;
    this.head = undefined;
    this.#tail = undefined;
  }
}
