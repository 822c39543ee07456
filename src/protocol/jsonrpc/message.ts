import type { JsonObject, JsonValue } from '../../platform/json.ts';

/** MCP 2026-07-28 `basic`: string or integer, never null. */
export type RequestId = string | number;

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

export interface InboundRequest {
  readonly kind: 'request';
  readonly id: RequestId;
  readonly method: string;
  /** `{}` when the message has none. */
  readonly params: JsonObject;
}

export interface InboundNotification {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject;
}

/** An answer that a client posted. Nothing of it is used: we send no requests to clients. */
export interface InboundResponse {
  readonly kind: 'response';
}

export interface InboundInvalid {
  readonly kind: 'invalid';
  /** Absent when the id cannot be read or is itself the fault. */
  readonly id?: RequestId;
  readonly code: number;
  /** Ours; never a part of what was received. */
  readonly message: string;
}

export type InboundSingle = InboundRequest | InboundNotification | InboundResponse | InboundInvalid;

export interface InboundBatch {
  readonly kind: 'batch';
  readonly entries: readonly InboundSingle[];
}

export type Inbound = InboundSingle | InboundBatch;
