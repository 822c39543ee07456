import type { JsonObject, JsonValue } from '../platform/json.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { REFUSALS, type RefusalCode } from './refusals.ts';
import type { Target } from './target.ts';

/** Key of the error object in the `_meta` of a result. */
export const ERROR_META_KEY = 'dev.breakwater/error';

/**
 * What a caller is told when something says no. Further members come from
 * `Refusal.details`, for example `violations` or `required_scopes`.
 */
export interface ErrorObject extends JsonObject {
  status: 'error';
  code: RefusalCode;
  message: string;
  /** The same call can succeed later, and making it again does no harm. */
  retryable: boolean;
  /** Whole milliseconds, at least 1. */
  retry_after_ms?: number;
  request_id: string;
  /** The call may have taken effect. */
  commit_state?: 'unknown';
}

export interface ErrorObjectContext {
  readonly requestId: string;
  /** Undefined when the call was refused before it was routed. */
  readonly target?: Pick<Target, 'isRetrySafe'> | undefined;
}

/** Members that details must not overwrite: agents act on them. */
const RESERVED: ReadonlySet<string> = new Set([
  'status',
  'code',
  'message',
  'retryable',
  'retry_after_ms',
  'request_id',
  'commit_state',
  '__proto__',
]);

/**
 * The one error shape. A call whose effect is unknown is retryable only where
 * its target can be called twice without harm; otherwise it says
 * `"retryable":false,"commit_state":"unknown"` and gives no time to retry.
 */
export function toErrorObject(refusal: Refusal, context: ErrorObjectContext): ErrorObject {
  const entry = REFUSALS[refusal.code];
  const mayHaveHappened = refusal.commitState === 'unknown' && context.target?.isRetrySafe !== true;
  const object: ErrorObject = {
    status: 'error',
    code: refusal.code,
    message: refusal.message ?? entry.message,
    retryable: entry.retryable && !mayHaveHappened,
    ...(refusal.retryAfterMs !== undefined && !mayHaveHappened
      ? { retry_after_ms: wholeMilliseconds(refusal.retryAfterMs) }
      : {}),
    request_id: context.requestId,
    ...(mayHaveHappened ? { commit_state: 'unknown' as const } : {}),
  };
  for (const [name, value] of Object.entries(refusal.details ?? {})) {
    if (!RESERVED.has(name) && value !== undefined) object[name] = value;
  }
  return object;
}

/** Rounded up: a caller that comes back a fraction early would be refused again. */
function wholeMilliseconds(ms: number): number {
  return Number.isFinite(ms) ? Math.max(1, Math.ceil(ms)) : 1;
}

/** The refusal in an outcome, if it has one; a cancelled call reads as the code `cancelled`. */
export function refusalOf(outcome: Outcome): Refusal | undefined {
  switch (outcome.kind) {
    case 'refused':
    case 'failed':
      return outcome.refusal;
    case 'cancelled':
      return { code: 'cancelled' };
    case 'ok':
    case 'tool_error':
    case 'protocol_error':
      return undefined;
  }
}

export interface ToolResultOptions {
  /**
   * True where the tool has no `outputSchema`, or one that this object
   * matches. Clients validate `structuredContent` even on errors, and would
   * throw the whole answer away.
   */
  readonly outputSchemaAdmits: boolean;
}

/** The answer to `tools/call`: models read tool results, not JSON-RPC errors. */
export function toToolResult(error: ErrorObject, options: ToolResultOptions): JsonObject {
  return {
    content: [{ type: 'text', text: JSON.stringify(error) }],
    isError: true,
    ...(options.outputSchemaAdmits ? { structuredContent: error } : {}),
    _meta: { [ERROR_META_KEY]: error },
  };
}

/** The answer to every other method: a JSON-RPC error with the object as its `data`. */
export function toRpcError(error: ErrorObject): { code: number; message: string; data: JsonValue } {
  return { code: REFUSALS[error.code].rpcCode, message: error.message, data: error };
}
