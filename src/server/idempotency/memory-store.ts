import type { Clock } from '../../platform/clock.ts';
import {
  IDEMPOTENCY_BYTES_MAX,
  IDEMPOTENCY_KEEP_MS,
  IDEMPOTENCY_KEYS_MAX,
  IDEMPOTENCY_PROJECT_BYTES_MAX,
  IDEMPOTENCY_PROJECT_KEYS_MAX,
  OVERLOADED_RETRY_MS,
} from '../../platform/limits.ts';
import { resultBytes, type Outcome } from '../../pipeline/index.ts';
import type { Claim, IdempotencyRequest, IdempotencyStore } from './store.ts';

export interface MemoryIdempotencyStoreOptions {
  readonly clock: Clock;
  /** Bounds, by default and at most those of `platform/limits.ts`. */
  readonly keysMax?: number;
  readonly projectKeysMax?: number;
  readonly bytesMax?: number;
  readonly projectBytesMax?: number;
}

interface Entry {
  readonly projectId: string;
  readonly argumentsHash: string;
  readonly expiresAtMs: number;
  readonly outcome: Promise<Outcome | undefined>;
  bytes: number;
}

interface Share {
  keys: number;
  bytes: number;
}

/** What an entry costs beside its outcome. */
const ENTRY_BYTES = 512;

/**
 * Outcomes in the memory of this process. A key is kept for its whole time or
 * not taken at all: at the bound new keys are refused, and one project cannot
 * take the room of the others. A restart forgets everything, so a server whose
 * writes must survive one needs a store with a database.
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #clock: Clock;
  readonly #max: { readonly all: Share; readonly project: Share };
  /** In the order of insertion, which is the order of expiry. */
  readonly #entries = new Map<string, Entry>();
  readonly #all: Share = { keys: 0, bytes: 0 };
  readonly #projects = new Map<string, Share>();

  constructor(options: MemoryIdempotencyStoreOptions) {
    this.#clock = options.clock;
    this.#max = {
      all: {
        keys: Math.min(options.keysMax ?? IDEMPOTENCY_KEYS_MAX, IDEMPOTENCY_KEYS_MAX),
        bytes: Math.min(options.bytesMax ?? IDEMPOTENCY_BYTES_MAX, IDEMPOTENCY_BYTES_MAX),
      },
      project: {
        keys: Math.min(options.projectKeysMax ?? IDEMPOTENCY_PROJECT_KEYS_MAX, IDEMPOTENCY_PROJECT_KEYS_MAX),
        bytes: Math.min(
          options.projectBytesMax ?? IDEMPOTENCY_PROJECT_BYTES_MAX,
          IDEMPOTENCY_PROJECT_BYTES_MAX,
        ),
      },
    };
  }

  /** Keys in memory, expired ones that no claim has swept included. */
  get size(): number {
    return this.#entries.size;
  }

  claim(request: IdempotencyRequest): Claim {
    this.#sweep();
    const id = JSON.stringify([request.projectId, request.tool, request.key]);
    const known = this.#entries.get(id);
    if (known !== undefined) {
      if (known.argumentsHash !== request.argumentsHash) return { kind: 'conflict' };
      return { kind: 'same', outcome: known.outcome };
    }
    const share = this.#projects.get(request.projectId) ?? { keys: 0, bytes: 0 };
    if (isFull(this.#all, this.#max.all)) return { kind: 'full', retryAfterMs: this.#untilOldest(undefined) };
    if (isFull(share, this.#max.project))
      return { kind: 'full', retryAfterMs: this.#untilOldest(request.projectId) };
    return this.#take(id, request);
  }

  #take(id: string, request: IdempotencyRequest): Claim {
    let resolve: (outcome: Outcome | undefined) => void = () => {};
    const entry: Entry = {
      projectId: request.projectId,
      argumentsHash: request.argumentsHash,
      expiresAtMs: this.#clock.monotonicMs() + IDEMPOTENCY_KEEP_MS,
      outcome: new Promise((settle) => {
        resolve = settle;
      }),
      bytes: ENTRY_BYTES,
    };
    this.#entries.set(id, entry);
    this.#account(entry.projectId, 1, entry.bytes);
    return {
      kind: 'first',
      settle: (outcome) => {
        // The entry may have expired under a handler that took longer than its keys live.
        if (this.#entries.get(id) === entry) {
          if (outcome === undefined) this.#remove(id, entry);
          else {
            const bytes = bytesOf(outcome);
            entry.bytes += bytes;
            this.#account(entry.projectId, 0, bytes);
          }
        }
        resolve(outcome);
      },
    };
  }

  #account(projectId: string, keys: number, bytes: number): void {
    const share = this.#projects.get(projectId) ?? { keys: 0, bytes: 0 };
    for (const sum of [this.#all, share]) {
      sum.keys += keys;
      sum.bytes += bytes;
    }
    if (share.keys === 0) this.#projects.delete(projectId);
    else this.#projects.set(projectId, share);
  }

  #remove(id: string, entry: Entry): void {
    this.#entries.delete(id);
    this.#account(entry.projectId, -1, -entry.bytes);
  }

  #sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [id, entry] of this.#entries) {
      if (entry.expiresAtMs > nowMs) return;
      this.#remove(id, entry);
    }
  }

  #untilOldest(projectId: string | undefined): number {
    const nowMs = this.#clock.monotonicMs();
    for (const entry of this.#entries.values()) {
      if (projectId === undefined || entry.projectId === projectId)
        return Math.max(1, entry.expiresAtMs - nowMs);
    }
    return OVERLOADED_RETRY_MS;
  }
}

function isFull(share: Share, max: Share): boolean {
  return share.keys >= max.keys || share.bytes >= max.bytes;
}

function bytesOf(outcome: Outcome): number {
  return outcome.kind === 'ok' || outcome.kind === 'tool_error' ? resultBytes(outcome.result) : 0;
}
