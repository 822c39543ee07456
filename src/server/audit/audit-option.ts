/** One line of the audit of a server without a database. Arguments and results are never part of it. */
export interface AuditEntry {
  /** `intent`: the handler is about to run. `outcome`: the call is over; exactly one for every call. */
  readonly event: 'intent' | 'outcome';
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly request_id: string;
  readonly method: string;
  /** Tool or prompt name or resource URI, as the caller wrote it; at most 512 characters. */
  readonly subject?: string;
  readonly project_id?: string;
  readonly token_id?: string;
  readonly transport: 'http' | 'stdio';
  /** Protocol revision. */
  readonly revision: string;
  /** Bytes of the request. */
  readonly request_bytes: number;
  readonly status?: 'success' | 'error' | 'timeout' | 'auth_failure';
  /** Code of a refusal or failure. */
  readonly code?: string;
  /** The handler may have run, so the call may have taken effect. */
  readonly dispatched?: boolean;
  readonly duration_ms?: number;
  readonly response_bytes?: number;
}

/** Takes entries. What it throws for an `intent` refuses the call, because an unrecorded call is not made. */
export interface AuditWriter {
  write(entry: AuditEntry): void;
  close?(): void;
}

/** A file of JSON lines, or something of your own. */
export type AuditOption = { readonly file: string } | AuditWriter;
