import type { Outcome } from '../../pipeline/outcome.ts';
import { isJsonObject } from '../../platform/json.ts';
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import {
  ERROR_URI_CHARS_MAX,
  UPSTREAM_ERROR_DATA_BYTES_MAX,
  UPSTREAM_ERROR_MESSAGE_CHARS_MAX,
} from '../../platform/limits.ts';
import { WIRE_CODES } from '../../protocol/index.ts';
import type { ScannedMessage } from '../../protocol/index.ts';
import { failure } from './failures.ts';

export type ScannedResult = Extract<ScannedMessage, { kind: 'result' }>;
export type ScannedError = Extract<ScannedMessage, { kind: 'error' }>;

/** The only methods whose result may ask for input: basic/patterns/mrtr.mdx of 2026-07-28. */
const MAY_ASK_FOR_INPUT: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Reserved by MCP: they speak about this hop (headers, capabilities, version), never about the caller's request. */
const HOP_CODE_MIN = -32099;
const HOP_CODE_MAX = WIRE_CODES.headerMismatch;

/** The outcome of a definite answer to a request of `method`. */
export function outcomeOfMessage(message: ScannedResult | ScannedError, method: string): Outcome {
  return message.kind === 'result' ? outcomeOfResult(message, method) : outcomeOfError(message);
}

function outcomeOfResult(message: ScannedResult, method: string): Outcome {
  const { bytes, isEmpty, resultType, isError, hasMeta, hasResultType } = message.result;
  // Absent means complete: legacy servers never send it.
  if (resultType !== undefined && resultType !== 'complete') {
    return resultType === 'input_required' && MAY_ASK_FOR_INPUT.has(method)
      ? failure('input_required_unsupported')
      : failure('upstream_invalid_response');
  }
  const kind = isError && method === 'tools/call' ? 'tool_error' : 'ok';
  return { kind, result: { kind: 'bytes', bytes, isEmpty, hasMeta, hasResultType } };
}

function outcomeOfError(message: ScannedError): Outcome {
  const { code } = message;
  if (!Number.isSafeInteger(code)) return failure('upstream_invalid_response');
  if (code === WIRE_CODES.internalError) return failure('upstream_error');
  if (code === WIRE_CODES.legacyUrlElicitationRequired) return failure('input_required_unsupported');
  // This hop declares no capabilities, because it could not carry what they allow. The server is well; another
  // call may not need them, so the breaker must not count this as a failure.
  if (code === WIRE_CODES.missingRequiredClientCapability) return failure('input_required_unsupported');
  if (code >= HOP_CODE_MIN && code <= HOP_CODE_MAX) return failure('upstream_error');
  if (code === WIRE_CODES.legacyResourceNotFound) return resourceNotFound(message);
  const data = smallData(message.data);
  const cleaned = { kind: 'protocol_error', code, message: cleanText(message.message) } as const;
  return data === undefined ? cleaned : { ...cleaned, data };
}

/** Resource not found is -32602 since 2026-07-28; `data.uri` is what tells it from other invalid params. */
function resourceNotFound(message: ScannedError): Outcome {
  const uri = isJsonObject(message.data) ? message.data['uri'] : undefined;
  const data: JsonObject = typeof uri === 'string' && uri.length <= ERROR_URI_CHARS_MAX ? { uri } : {};
  return { kind: 'protocol_error', code: WIRE_CODES.invalidParams, message: 'Resource not found', data };
}

/** Escapes controls and bidirectional marks, and bounds the length: this text is read by models and terminals. */
export function cleanText(text: string): string {
  const cut =
    text.length > UPSTREAM_ERROR_MESSAGE_CHARS_MAX
      ? `${text.slice(0, UPSTREAM_ERROR_MESSAGE_CHARS_MAX)}…`
      : text;
  return cut.replace(
    /[\p{Cc}\p{Cs}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function smallData(data: JsonValue | undefined): JsonValue | undefined {
  if (data === undefined) return undefined;
  return Buffer.byteLength(JSON.stringify(data)) <= UPSTREAM_ERROR_DATA_BYTES_MAX ? data : undefined;
}
