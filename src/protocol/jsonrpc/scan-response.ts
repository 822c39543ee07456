import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { ASCII, isAsciiAt } from './ascii.ts';
import type { RequestId } from './message.ts';
import { JsonScanner, SLOT, type HardProblem, type Slot } from './scanner.ts';
import { resolveScanLimits, SCAN_LIMITS_DEFAULT, type ScanLimits } from './scan-limits.ts';

/** Why a message of an upstream is not taken. */
export type ResponseProblem =
  | HardProblem
  | 'duplicate_key'
  | 'forbidden_key'
  | 'not_an_object'
  | 'wrong_jsonrpc'
  | 'wrong_id'
  | 'wrong_method'
  | 'wrong_params'
  | 'wrong_result'
  | 'wrong_error'
  | 'ambiguous';

/** A result that can be sent on as it is; see `ResultBody` of the pipeline. */
export interface ScannedResultBody {
  /** The result object, from brace to brace: a view of the scanned bytes, not a copy. */
  readonly bytes: Buffer;
  readonly isEmpty: boolean;
  /** Undefined when absent. */
  readonly resultType: string | undefined;
  readonly hasResultType: boolean;
  /** `isError` is literally `true`. */
  readonly isError: boolean;
  readonly hasMeta: boolean;
  /** A member named `__proto__` is in it: harmless as bytes, not to be merged into objects after parsing. */
  readonly hasForbiddenKey: boolean;
}

export type ScannedMessage =
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: ScannedResultBody }
  | {
      readonly kind: 'error';
      /** Undefined: absent or null, as in an answer to a message that could not be read. */
      readonly id: RequestId | undefined;
      readonly code: number;
      readonly message: string;
      readonly data: JsonValue | undefined;
    }
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'invalid'; readonly problem: ResponseProblem };

const scanner = new JsonScanner(SCAN_LIMITS_DEFAULT);

/**
 * Reads one message from an upstream in one pass over its bytes, so that a
 * large result goes on without being parsed and serialised again (five times
 * the CPU at 1 MiB). What is not proven here is refused; there is no second,
 * laxer way. Never throws.
 *
 * Member names count by their value after unescaping, and exactly: `Result` is
 * not `result`. Members that JSON-RPC does not define are ignored, because
 * nothing of the envelope is passed on. Numbers inside a result are not judged:
 * they are passed on digit by digit. Batches are refused; we never send any.
 */
export function scanResponse(bytes: Buffer, limits?: Partial<ScanLimits>): ScannedMessage {
  if (!scanner.scan(bytes, resolveScanLimits(limits), 'message')) return refuse(scanner.problem ?? 'syntax');
  if (scanner.duplicateKeyDepth > 0) return refuse('duplicate_key');
  if (!has(SLOT.jsonrpc)) return refuse(isObjectText(bytes) ? 'wrong_jsonrpc' : 'not_an_object');
  if (!isVersion2(bytes)) return refuse('wrong_jsonrpc');
  const kinds = Number(has(SLOT.result)) + Number(has(SLOT.error)) + Number(has(SLOT.method));
  if (kinds !== 1) return refuse('ambiguous');
  if (has(SLOT.result)) return readResult(bytes);
  return has(SLOT.error) ? readError(bytes) : readCall(bytes);
}

function readResult(bytes: Buffer): ScannedMessage {
  const id = readId(bytes);
  if (id === undefined || id === null) return refuse('wrong_id');
  const start = scanner.startOf(SLOT.result);
  if (bytes[start] !== ASCII.openBrace) return refuse('wrong_result');
  const hasResultType = has(SLOT.resultType);
  const resultType = hasResultType ? readString(bytes, SLOT.resultType) : undefined;
  if (hasResultType && resultType === undefined) return refuse('wrong_result');
  const result: ScannedResultBody = {
    bytes: bytes.subarray(start, scanner.endOf(SLOT.result)),
    isEmpty: scanner.resultIsEmpty,
    resultType,
    hasResultType,
    isError: has(SLOT.isError) && bytes[scanner.startOf(SLOT.isError)] === ASCII.lowerT,
    hasMeta: has(SLOT.meta),
    hasForbiddenKey: scanner.forbiddenKeyDepth > 0,
  };
  return { kind: 'result', id, result };
}

function readError(bytes: Buffer): ScannedMessage {
  const id = readId(bytes);
  if (id === undefined) return refuse('wrong_id');
  if (scanner.forbiddenKeyDepth > 0) return refuse('forbidden_key');
  const error = readValue(bytes, SLOT.error);
  if (!isJsonObject(error)) return refuse('wrong_error');
  const code = error['code'];
  const message = error['message'];
  if (typeof code !== 'number' || !Number.isSafeInteger(code) || typeof message !== 'string') {
    return refuse('wrong_error');
  }
  return { kind: 'error', id: id ?? undefined, code, message, data: error['data'] };
}

/** A request or a notification of the upstream. */
function readCall(bytes: Buffer): ScannedMessage {
  const method = readString(bytes, SLOT.method);
  if (method === undefined || method === '') return refuse('wrong_method');
  if (has(SLOT.id)) {
    const id = readId(bytes);
    return id === undefined || id === null ? refuse('wrong_id') : { kind: 'request', id, method };
  }
  if (!has(SLOT.params)) return { kind: 'notification', method, params: {} };
  if (scanner.forbiddenKeyDepth > 0) return refuse('forbidden_key');
  const params = readValue(bytes, SLOT.params);
  return isJsonObject(params) ? { kind: 'notification', method, params } : refuse('wrong_params');
}

/** Null: absent or `null`. Undefined: neither that nor a string or an integer. */
function readId(bytes: Buffer): RequestId | null | undefined {
  if (!has(SLOT.id)) return null;
  const id = readValue(bytes, SLOT.id);
  if (id === null || typeof id === 'string') return id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

function isVersion2(bytes: Buffer): boolean {
  const start = scanner.startOf(SLOT.jsonrpc);
  // The usual spelling needs no string; what is left is one with escapes, or wrong.
  if (isAsciiAt(bytes, start, '"2.0"')) return true;
  return readString(bytes, SLOT.jsonrpc) === '2.0';
}

function readString(bytes: Buffer, slot: Slot): string | undefined {
  if (bytes[scanner.startOf(slot)] !== ASCII.quote) return undefined;
  return readValue(bytes, slot) as string;
}

/** Parses the value of one member that the scan has proven to be JSON. */
function readValue(bytes: Buffer, slot: Slot): JsonValue {
  return JSON.parse(bytes.toString('utf8', scanner.startOf(slot), scanner.endOf(slot))) as JsonValue;
}

function has(slot: Slot): boolean {
  return scanner.startOf(slot) >= 0;
}

function isObjectText(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte > ASCII.space) return byte === ASCII.openBrace;
  }
  return false;
}

function refuse(problem: ResponseProblem): ScannedMessage {
  return { kind: 'invalid', problem };
}

/** Where the cache hints of one result object stand, as offsets into its bytes; -1 when absent. */
export interface CacheHintPlaces {
  readonly hasTtlMs: boolean;
  readonly scopeStart: number;
  readonly scopeEnd: number;
  /** The value of `resultType`, undefined when absent. */
  readonly resultType: string | undefined;
}

/**
 * Finds `ttlMs`, `cacheScope` and `resultType` of a result object that an
 * earlier scan has proven. Undefined: the bytes are not such an object.
 */
export function findCacheHints(result: Buffer): CacheHintPlaces | undefined {
  if (!scanner.scan(result, SCAN_LIMITS_DEFAULT, 'result')) return undefined;
  return {
    hasTtlMs: has(SLOT.ttlMs),
    scopeStart: scanner.startOf(SLOT.cacheScope),
    scopeEnd: has(SLOT.cacheScope) ? scanner.endOf(SLOT.cacheScope) : -1,
    resultType: has(SLOT.resultType) ? readString(result, SLOT.resultType) : undefined,
  };
}
