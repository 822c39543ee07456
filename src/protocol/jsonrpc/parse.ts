import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import {
  JSONRPC_BATCH_ENTRIES_MAX,
  JSONRPC_ID_CHARS_MAX,
  JSONRPC_METHOD_CHARS_MAX,
} from '../../platform/limits.ts';
import { WIRE_CODES } from '../wire-codes.ts';
import type { Inbound, InboundInvalid, InboundSingle, RequestId } from './message.ts';
import { scanJson, type ScanProblem, type ScanResult } from './scan.ts';

/** What is said about each finding of the scanner. Fixed texts: nothing that was sent comes back. */
const PROBLEM_MESSAGES: Readonly<Record<ScanProblem, string>> = {
  invalid_utf8: 'Parse error: the text is not valid UTF-8.',
  byte_order_mark: 'Parse error: the text starts with a byte order mark.',
  syntax: 'Parse error: the text is not valid JSON.',
  too_deep: 'Invalid request: the JSON is nested too deeply.',
  too_many_nodes: 'Invalid request: the JSON has too many values.',
  number_too_long: 'Invalid request: a number is too long.',
  duplicate_key: 'Invalid request: an object has two members with the same name.',
  forbidden_key: 'Invalid request: a member has a forbidden name.',
  number_out_of_range: 'A number cannot be represented exactly; send it as a string.',
  lone_surrogate: 'A string has half of a surrogate pair.',
};

/**
 * Reads one message from a client. Scans first (see `scanJson`), then parses,
 * then checks the members strictly. Never throws.
 *
 * - Not JSON, not UTF-8, or a byte order mark: -32700. Everything else: -32600,
 *   except a number or a string inside `params` that cannot be carried exactly,
 *   which is -32602.
 * - `jsonrpc` is exactly "2.0"; the id is a string of at most 256 characters or
 *   a safe integer; `params` is an object or absent. Positional params are
 *   -32600: MCP params are objects, so such a message has not the form of a
 *   request, whatever its method.
 * - Members that JSON-RPC does not define are refused. A peer with a laxer
 *   parser may read `Method` as `method` and see another message than we do.
 *
 * Sources: JSON-RPC 2.0 §4–§6; MCP 2026-07-28 `basic`, 2025-03-26 `basic` (batches).
 */
export function parseInbound(bytes: Buffer): Inbound {
  const scan = scanJson(bytes);
  if (!scan.ok && !scan.isJson) {
    return invalid(isParseError(scan.problem) ? WIRE_CODES.parseError : WIRE_CODES.invalidRequest, {
      message: PROBLEM_MESSAGES[scan.problem],
    });
  }
  const value = JSON.parse(bytes.toString('utf8')) as JsonValue;
  if (!scan.ok) return refuseScanned(value, scan);
  if (Array.isArray(value)) return readBatch(value);
  return readSingle(value);
}

function isParseError(problem: ScanProblem): boolean {
  return problem === 'syntax' || problem === 'invalid_utf8' || problem === 'byte_order_mark';
}

/** The text is JSON, but not one to act on; its id is still worth an answer that can be matched. */
function refuseScanned(value: JsonValue, scan: Extract<ScanResult, { ok: false }>): InboundInvalid {
  const message = PROBLEM_MESSAGES[scan.problem];
  const isStructural = scan.problem === 'duplicate_key' || scan.problem === 'forbidden_key';
  const isInParams = isJsonObject(value) && scan.depth > 1;
  const code = isStructural || !isInParams ? WIRE_CODES.invalidRequest : WIRE_CODES.invalidParams;
  // Of two ids neither is the right one, and an id with half a surrogate pair cannot be echoed.
  const id = isInParams || scan.problem === 'forbidden_key' ? readId(value) : undefined;
  return invalid(code, { id, message });
}

function readBatch(values: readonly JsonValue[]): Inbound {
  if (values.length === 0) {
    return invalid(WIRE_CODES.invalidRequest, { message: 'Invalid request: the batch is empty.' });
  }
  if (values.length > JSONRPC_BATCH_ENTRIES_MAX) {
    return invalid(WIRE_CODES.invalidRequest, {
      message: 'Invalid request: the batch has too many messages.',
    });
  }
  const entries: InboundSingle[] = [];
  for (const value of values) entries.push(readSingle(value));
  return { kind: 'batch', entries };
}

function readSingle(value: JsonValue): InboundSingle {
  if (!isJsonObject(value)) {
    return invalid(WIRE_CODES.invalidRequest, { message: 'Invalid request: a message must be an object.' });
  }
  const id = readId(value);
  const fault = faultOf(value, id);
  if (fault !== undefined)
    return invalid(WIRE_CODES.invalidRequest, { id, message: `Invalid request: ${fault}.` });
  if (isResponse(value)) return { kind: 'response' };
  const method = value['method'] as string;
  const params = (value['params'] ?? {}) as JsonObject;
  return id === undefined
    ? { kind: 'notification', method, params }
    : { kind: 'request', id, method, params };
}

/** What keeps an object from being a request, a notification or a response. */
function faultOf(message: JsonObject, id: RequestId | undefined): string | undefined {
  if (message['jsonrpc'] !== '2.0') return 'jsonrpc must be the string "2.0"';
  if (isResponse(message)) return responseFaultOf(message);
  for (const name in message) {
    if (name !== 'jsonrpc' && name !== 'id' && name !== 'method' && name !== 'params') {
      return 'it has a member that JSON-RPC does not define';
    }
  }
  if (message['id'] !== undefined && id === undefined)
    return 'id must be a string of bounded length or an integer';
  const method = message['method'];
  if (typeof method !== 'string') return 'method must be a string';
  if (method.length === 0 || method.length > JSONRPC_METHOD_CHARS_MAX) return 'method has a wrong length';
  if (message['params'] !== undefined && !isJsonObject(message['params'])) return 'params must be an object';
  return undefined;
}

function isResponse(message: JsonObject): boolean {
  return (
    (message['result'] !== undefined || message['error'] !== undefined) && message['method'] === undefined
  );
}

/** A response's id may be null, and its content is of no interest, so only its form is checked. */
function responseFaultOf(message: JsonObject): string | undefined {
  for (const name in message) {
    if (name !== 'jsonrpc' && name !== 'id' && name !== 'result' && name !== 'error') {
      return 'it has a member that JSON-RPC does not define';
    }
  }
  if (message['result'] !== undefined && message['error'] !== undefined)
    return 'it has both a result and an error';
  return message['id'] === undefined ? 'a response must have an id' : undefined;
}

/** The id if it is one that can be echoed exactly. */
function readId(message: JsonValue): RequestId | undefined {
  if (!isJsonObject(message)) return undefined;
  const id = message['id'];
  if (typeof id === 'string') return id.length <= JSONRPC_ID_CHARS_MAX ? id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

function invalid(code: number, rest: { id?: RequestId | undefined; message: string }): InboundInvalid {
  return rest.id === undefined
    ? { kind: 'invalid', code, message: rest.message }
    : { kind: 'invalid', id: rest.id, code, message: rest.message };
}
