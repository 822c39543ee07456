import type { JsonObject } from '../platform/json.ts';
import type { Outcome } from '../pipeline/outcome.ts';

/** What one upstream request may cost. */
export interface UpstreamRequestOptions {
  /** Aborted at the deadline or when the caller goes away; must reach the socket or the child. */
  readonly signal: CallSignal;
  /** Decoded bytes of the answer, counted while they arrive. More: `response_too_large`. */
  readonly responseBytesMax: number;
  /** Headers this request needs beyond the standard ones, for example `Mcp-Param-*`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A cancellation that costs no AbortController on the hot path: at most one
 * listener, called at most once.
 */
export interface CallSignal {
  readonly aborted: boolean;
  /** Why it was aborted: decides between `timeout`, `cancelled` and `shutting_down`. */
  readonly abortCause: 'deadline' | 'caller' | 'drain' | undefined;
  /** Registers the one listener; called at once when already aborted. Returns a way to withdraw it. */
  onAbort(listener: () => void): () => void;
}

/** What an upstream said about itself when it was connected. */
export interface UpstreamInfo {
  readonly era: 'modern' | 'legacy';
  /** Revision spoken on this leg, for example `2025-11-25`. */
  readonly revision: string;
  readonly capabilities: JsonObject;
  readonly instructions?: string;
  /** Self-reported; for people only, never for a decision. */
  readonly serverInfo?: JsonObject;
}

/**
 * One remote MCP server, whatever carries it. `request` never rejects: what
 * goes wrong is an Outcome with a catalogue code. It never re-sends by itself.
 */
export interface Upstream {
  readonly name: string;
  /** Connects and negotiates if that has not happened; shared by concurrent callers. */
  connect(signal: CallSignal): Promise<{ ok: true; info: UpstreamInfo } | { ok: false; outcome: Outcome }>;
  request(method: string, params: JsonObject, options: UpstreamRequestOptions): Promise<Outcome>;
  /** True while a connection is negotiated; for status pages. */
  readonly info: UpstreamInfo | undefined;
  close(): Promise<void>;
}
