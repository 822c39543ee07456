import type { Outcome } from '../../pipeline/index.ts';

/** What an idempotency key belongs to. The same key of two projects, or of two tools, is two keys. */
export interface IdempotencyRequest {
  readonly projectId: string;
  readonly tool: string;
  readonly key: string;
  /** Digest of the arguments without the key. */
  readonly argumentsHash: string;
}

/** What the store says about a key. */
export type Claim =
  /** Nobody has used it: do the work, then call `settle` exactly once. */
  | {
      readonly kind: 'first';
      /** Keeps the outcome; undefined forgets the key, because nothing took effect. */
      readonly settle: (outcome: Outcome | undefined) => void;
    }
  /** It was used with the same arguments. Resolves to the first outcome, or to undefined when that was forgotten. */
  | { readonly kind: 'same'; readonly outcome: Promise<Outcome | undefined> }
  /** It was used with other arguments. */
  | { readonly kind: 'conflict' }
  /** There is no room, and dropping another key early would break its promise. */
  | { readonly kind: 'full'; readonly retryAfterMs: number };

/** Remembers outcomes under their keys, for `IDEMPOTENCY_KEEP_MS`. */
export interface IdempotencyStore {
  claim(request: IdempotencyRequest): Claim | Promise<Claim>;
}
