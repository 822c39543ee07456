/**
 * The numbers that go over the wire, and the only file that may spell them.
 * JSON-RPC 2.0 §5.1 and MCP 2026-07-28 `basic/index` (error codes).
 *
 * MCP forbids any other code in -32020…-32099, so nothing is added here unless
 * the specification names it; codes of our own live in the refusal catalogue,
 * outside -32768…-32000.
 */
export const WIRE_CODES = {
  /** Not JSON, or not UTF-8. */
  parseError: -32700,
  /** JSON, but not a JSON-RPC message that this endpoint takes (also: batches, posted responses). */
  invalidRequest: -32600,
  /** Unknown or removed method. Modern era: HTTP 404. */
  methodNotFound: -32601,
  /** Wrong params; missing required `_meta` member (HTTP 400); unknown tool, prompt, resource (modern). */
  invalidParams: -32602,
  internalError: -32603,
  /** A mirrored header is missing, malformed or differs from the body. HTTP 400. */
  headerMismatch: -32020,
  /** `data.requiredCapabilities` says what the client did not declare. HTTP 400. */
  missingRequiredClientCapability: -32021,
  /** `data` is `{supported, requested}`. HTTP 400. */
  unsupportedProtocolVersion: -32022,
  /** Resource not found up to 2025-11-25. Never sent on the modern era, read from upstreams of both. */
  legacyResourceNotFound: -32002,
  /** URL elicitation required, 2025-11-25 only. Read from upstreams, never sent. */
  legacyUrlElicitationRequired: -32042,
} as const;

export type WireCode = (typeof WIRE_CODES)[keyof typeof WIRE_CODES];
