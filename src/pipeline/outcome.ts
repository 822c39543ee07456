import type { JsonObject, JsonValue } from '../platform/json.ts';
import type { RefusalCode } from './refusals.ts';

/**
 * A result as it goes to the caller. `bytes` is one JSON object that our
 * scanner has proven; it is spliced into our envelope without being parsed.
 */
export type ResultBody =
  | {
      readonly kind: 'bytes';
      readonly bytes: Buffer;
      /** The object has no members, so that a spliced member needs no comma. */
      readonly isEmpty: boolean;
      readonly hasResultType: boolean;
      readonly hasMeta: boolean;
    }
  | { readonly kind: 'value'; readonly value: JsonObject };

/** Why a guardrail or an upstream did not deliver. The catalogue entry of `code` says the rest. */
export interface Refusal {
  readonly code: RefusalCode;
  /** Replaces the catalogue's message. Made by us: never a text from an upstream or a client. */
  readonly message?: string;
  /** Milliseconds until a retry can succeed, at least 1. */
  readonly retryAfterMs?: number;
  /** Further members of the error object, for example `{violations: […]}`. */
  readonly details?: JsonObject;
  /** `unknown`: the call may have taken effect upstream; it then says `retryable: false`. */
  readonly commitState?: 'unknown';
  /** Overrides the catalogue's effect where the cause lies on this machine: no resolver, no descriptors. */
  readonly breakerEffect?: 'neutral';
}

/** How one call ended. */
export type Outcome =
  | { readonly kind: 'ok'; readonly result: ResultBody }
  /** The tool itself answered with `isError: true`. */
  | { readonly kind: 'tool_error'; readonly result: ResultBody }
  /** A JSON-RPC error that the upstream answered and that concerns the caller's request. */
  | {
      readonly kind: 'protocol_error';
      readonly code: number;
      readonly message: string;
      readonly data?: JsonValue;
    }
  /** A guardrail said no; nothing was dispatched. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** It was dispatched, and no usable answer came back. */
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  /** The caller went away or cancelled; nobody waits for an answer. */
  | { readonly kind: 'cancelled' };

export function refused(refusal: Refusal): Outcome {
  return { kind: 'refused', refusal };
}

export function failed(refusal: Refusal): Outcome {
  return { kind: 'failed', refusal };
}
