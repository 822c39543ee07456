/** How a call is counted. `auth_failure` is a caller that we refuse, or an upstream that refuses us. */
export type AuditStatus = 'success' | 'error' | 'timeout' | 'auth_failure';

/** How a call ended; `abandoned`: the process died or forgot it, and nobody knows. */
export type AuditOutcomeKind =
  | 'ok'
  | 'tool_error'
  | 'protocol_error'
  | 'refused'
  | 'failed'
  | 'cancelled'
  | 'abandoned';

/** What is known of a call before anything leaves the process. Arguments and results are never part of it. */
export interface AuditCall {
  /** UUID, unique per call. */
  readonly callId: string;
  /** Undefined: the token was unknown, or none was sent. */
  readonly projectId: string | undefined;
  readonly tokenId: string | undefined;
  readonly method: string;
  /** Tool or prompt name or resource URI as the caller wrote it; cut at `AUDIT_TEXT_CHARS_MAX`. */
  readonly subject: string | undefined;
  readonly upstream: string | undefined;
  readonly remoteName: string | undefined;
  /** Protocol revision of the downstream leg. */
  readonly revision: string;
  readonly transport: string;
  readonly requestBytes: number;
  /** Keyed hash of the arguments, lower-case hex. */
  readonly argumentsHash: string | undefined;
  /** Epoch milliseconds, an integer. Together with `callId` the identity of the row. */
  readonly startedAtMs: number;
  readonly traceId: string | undefined;
}

/** An announced call. */
export interface AuditIntent extends AuditCall {
  /** Epoch milliseconds after which the call should have ended. */
  readonly deadlineAtMs: number;
}

/** One finished call: the row of the audit log. */
export interface AuditRecord extends AuditCall {
  readonly status: AuditStatus;
  /** Catalogue code of a refusal or failure. */
  readonly code: string | undefined;
  readonly kind: AuditOutcomeKind;
  /** `unknown`: it may have taken effect upstream. */
  readonly commitState: string | undefined;
  readonly responseBytes: number;
  readonly durationMs: number;
}

/** The row of a call whose end nobody has seen. */
export function abandonedRecord(intent: AuditIntent, nowMs: number): AuditRecord {
  const { deadlineAtMs: _deadline, ...call } = intent;
  return {
    ...call,
    status: 'error',
    code: 'abandoned',
    kind: 'abandoned',
    commitState: 'unknown',
    responseBytes: 0,
    durationMs: Math.max(0, nowMs - intent.startedAtMs),
  };
}
