import {
  CALL_MEMORY_BYTES_MAX,
  OVERLOADED_RETRY_MS,
  PROCESS_IN_FLIGHT_DEFAULT,
  PROCESS_IN_FLIGHT_RESERVE_SHARE,
} from '../../platform/limits.ts';
import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Refusal } from '../outcome.ts';

export interface AdmissionOptions {
  /** Calls in the process at once. Default `PROCESS_IN_FLIGHT_DEFAULT`. */
  readonly inFlightMax?: number;
  /**
   * True while the process itself is at its limit: its event loop lags or its
   * memory is nearly used up. Asked for each call, so it must be a plain read.
   */
  readonly isOverloaded?: () => boolean;
}

const SHUTTING_DOWN: Refusal = { code: 'shutting_down' };
const OVERLOADED: Refusal = { code: 'overloaded', retryAfterMs: OVERLOADED_RETRY_MS };

/**
 * The door of the process: closes for a shutdown, and sheds what the process
 * cannot hold before any work is spent on it. It also knows every call inside,
 * so a shutdown can wait for them and then abort the rest.
 */
export class Admission implements Guardrail {
  readonly name = 'admission' as const;
  readonly #inFlightMax: number;
  readonly #inFlightWorkMax: number;
  readonly #isOverloaded: () => boolean;
  readonly #calls = new Set<Call>();
  #draining = false;
  #idleWaiters: (() => void)[] = [];

  constructor(options: AdmissionOptions = {}) {
    this.#inFlightMax = options.inFlightMax ?? PROCESS_IN_FLIGHT_DEFAULT;
    if (!(this.#inFlightMax >= 1)) throw new RangeError('inFlightMax must be at least 1');
    const reserve = Math.floor(this.#inFlightMax * PROCESS_IN_FLIGHT_RESERVE_SHARE);
    this.#inFlightWorkMax = this.#inFlightMax - reserve;
    this.#isOverloaded = options.isOverloaded ?? (() => false);
  }

  enter(call: Call): Refusal | undefined {
    if (this.#draining) return SHUTTING_DOWN;
    // The handshake and ping cost next to nothing, and without them a busy gateway looks dead.
    const isControl = call.callClass === 'control';
    if (this.#calls.size >= (isControl ? this.#inFlightMax : this.#inFlightWorkMax)) return OVERLOADED;
    if (!isControl && this.#isOverloaded()) return OVERLOADED;
    this.#calls.add(call);
    return undefined;
  }

  exit<T>(call: Call, outcome: T): T {
    this.#calls.delete(call);
    if (this.#calls.size === 0 && this.#idleWaiters.length > 0) {
      const waiters = this.#idleWaiters;
      this.#idleWaiters = [];
      for (const resolve of waiters) resolve();
    }
    return outcome;
  }

  get inFlight(): number {
    return this.#calls.size;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** Refuses every further call with `shutting_down`; running ones go on. Cannot be undone. */
  drain(): void {
    this.#draining = true;
  }

  /** Resolves when no call is inside. */
  whenIdle(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
    });
  }

  /** Aborts the calls that are still inside when the time to drain is over. */
  abortAll(): void {
    for (const call of this.#calls) call.abort('drain');
  }
}

/**
 * How many calls fit into `memoryBytes` (of the container or the machine)
 * beside `baseBytes` for the process itself, at most the default and at least 10.
 */
export function inFlightMaxFor(memoryBytes: number, baseBytes: number): number {
  const fitting = Math.floor((memoryBytes - baseBytes) / CALL_MEMORY_BYTES_MAX);
  return Math.min(PROCESS_IN_FLIGHT_DEFAULT, Math.max(10, fitting));
}
