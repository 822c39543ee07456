import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';
import { BAGGAGE_CHARS_MAX, JSONRPC_ID_CHARS_MAX, TRACESTATE_CHARS_MAX } from '../platform/limits.ts';
import { isHeaderText, isTraceparent } from './trace-context.ts';

/** Reserved members of `_meta` (MCP 2026-07-28 `basic`). */
export const META_KEYS = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  progressToken: 'progressToken',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  baggage: 'baggage',
} as const;

/** What a request says about itself in `_meta`, each part checked. */
export interface RequestMeta {
  /** What the client declared on this very request; `{}` where the era has no such declaration. */
  readonly clientCapabilities: JsonObject;
  /** Self-reported: for people, never for a decision. */
  readonly clientInfo: JsonObject | undefined;
  readonly progressToken: string | number | undefined;
  /** W3C Trace Context; undefined when absent or malformed, which is never an error. */
  readonly traceparent: string | undefined;
  /** Only beside a valid `traceparent`. */
  readonly tracestate: string | undefined;
  readonly baggage: string | undefined;
}

const NO_CAPABILITIES: JsonObject = Object.freeze({});

/** Of a message that says nothing about itself. */
export const NO_META: RequestMeta = {
  clientCapabilities: NO_CAPABILITIES,
  clientInfo: undefined,
  progressToken: undefined,
  traceparent: undefined,
  tracestate: undefined,
  baggage: undefined,
};

/** Reads the parts of `params._meta` that the envelope owns. Malformed ones are left out. */
export function readRequestMeta(params: JsonObject): RequestMeta {
  const meta = params['_meta'];
  if (!isJsonObject(meta)) return NO_META;
  const capabilities = meta[META_KEYS.clientCapabilities];
  const clientInfo = meta[META_KEYS.clientInfo];
  const traceparent = meta['traceparent'];
  const hasTrace = typeof traceparent === 'string' && isTraceparent(traceparent);
  return {
    clientCapabilities: isJsonObject(capabilities) ? capabilities : NO_CAPABILITIES,
    clientInfo: isJsonObject(clientInfo) ? clientInfo : undefined,
    progressToken: readProgressToken(meta['progressToken']),
    traceparent: hasTrace ? traceparent : undefined,
    tracestate: hasTrace ? readHeaderText(meta['tracestate'], TRACESTATE_CHARS_MAX) : undefined,
    baggage: readHeaderText(meta['baggage'], BAGGAGE_CHARS_MAX),
  };
}

function readProgressToken(value: JsonValue | undefined): string | number | undefined {
  if (typeof value === 'string') return value.length <= JSONRPC_ID_CHARS_MAX ? value : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function readHeaderText(value: JsonValue | undefined, charsMax: number): string | undefined {
  return typeof value === 'string' && isHeaderText(value, charsMax) ? value : undefined;
}
