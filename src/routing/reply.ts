import { isJsonObject } from '../platform/json.ts';
import { ERROR_URI_CHARS_MAX } from '../platform/limits.ts';
import {
  REFUSALS,
  toErrorObject,
  toRpcError,
  toToolResult,
  type Call,
  type Outcome,
  type Refusal,
} from '../pipeline/index.ts';
import {
  codecFor,
  encodeError,
  encodeResult,
  WIRE_CODES,
  type Era,
  type RequestId,
  type RpcError,
} from '../protocol/index.ts';
import type { Reply } from '../transports/message-handler.ts';

/** What the answer to one request depends on, beside its outcome. */
export interface ReplyContext {
  /** Undefined for a notification: nothing but an error is answered then. */
  readonly id: RequestId | undefined;
  readonly era: Era;
  readonly call: Call;
  /** From `serverInfoMeta`: shown in modern results that name no server. */
  readonly serverInfoMeta: string;
}

const NO_BODY: Reply = { httpStatus: 202, headers: undefined, body: undefined };

/** The one place where an outcome becomes bytes and a status. */
export function replyTo(outcome: Outcome, context: ReplyContext): Reply {
  switch (outcome.kind) {
    case 'ok':
    case 'tool_error': {
      if (context.id === undefined) return NO_BODY;
      const rules = codecFor(context.era).resultRules(context.call.request.method);
      const body = encodeResult(context.id, outcome.result, {
        rules,
        serverInfoMeta: context.serverInfoMeta,
      });
      return { httpStatus: 200, headers: undefined, body };
    }
    case 'protocol_error':
      return protocolErrorReply(context, outcome);
    case 'refused':
    case 'failed':
      return refusalReply(context, outcome.refusal);
    case 'cancelled':
      return NO_BODY;
    default:
      return outcome satisfies never;
  }
}

/** Codes of ours that the modern era wants to see as an HTTP status too. */
const MODERN_STATUS: Readonly<Record<number, number>> = {
  [WIRE_CODES.methodNotFound]: 404,
  [WIRE_CODES.headerMismatch]: 400,
  [WIRE_CODES.missingRequiredClientCapability]: 400,
  [WIRE_CODES.unsupportedProtocolVersion]: 400,
};

/**
 * An upstream that does not know a method of ours has answered the call like
 * any other: clients hide the body of a 404 from the agent.
 */
function protocolErrorStatus({ era, call }: ReplyContext, code: number): number {
  const isUpstreams = code === WIRE_CODES.methodNotFound && call.request.fault === undefined;
  return era === 'legacy' || isUpstreams ? 200 : (MODERN_STATUS[code] ?? 200);
}

function protocolErrorReply(context: ReplyContext, error: RpcError): Reply {
  const httpStatus = protocolErrorStatus(context, error.code);
  const { message, data } = error;
  const code = isResourceNotFound(context, error) ? codecFor(context.era).resourceNotFoundCode : error.code;
  const rpc: RpcError = data === undefined ? { code, message } : { code, message, data };
  return errorReply(rpc, { httpStatus, id: context.id, era: context.era });
}

/**
 * A resource that is not there has a code of its own up to 2025-11-25. Since
 * then it is one of the invalid params, and `data.uri` tells it from the others.
 */
function isResourceNotFound({ call }: ReplyContext, { code, data }: RpcError): boolean {
  if (call.request.method !== 'resources/read' || code !== WIRE_CODES.invalidParams) return false;
  return isJsonObject(data) && typeof data['uri'] === 'string';
}

/**
 * A refusal of `tools/call` is a tool result, because that is what models
 * read; the edge statuses and the codes that the specification names are
 * JSON-RPC errors, as is every refusal of another method.
 */
function refusalReply(context: ReplyContext, refusal: Refusal): Reply {
  const { call } = context;
  const entry = REFUSALS[refusal.code];
  const target = call.targetIfKnown;
  const error = toErrorObject(withMissingUri(refusal, call), { requestId: call.request.requestId, target });
  const headers: Record<string, string> = { 'breakwater-error': refusal.code };
  if (error.retry_after_ms !== undefined)
    headers['retry-after'] = String(Math.ceil(error.retry_after_ms / 1000));
  if (entry.httpStatus === 401) headers['www-authenticate'] = tokenChallenge(call);
  if (entry.httpStatus === 403) headers['www-authenticate'] = scopeChallenge(refusal);
  const isToolResult =
    call.request.method === 'tools/call' &&
    entry.httpStatus === 200 &&
    !NAMED_BY_SPECIFICATION.has(refusal.code);
  if (!isToolResult || context.id === undefined) {
    const rpc = toRpcError(error);
    const code =
      refusal.code === 'resource_not_found' ? codecFor(context.era).resourceNotFoundCode : rpc.code;
    const { id, era } = context;
    return { ...errorReply({ ...rpc, code }, { httpStatus: entry.httpStatus, id, era }), headers };
  }
  const value = toToolResult(error, { outputSchemaAdmits: target?.admitsErrorAsOutput?.(error) === true });
  const rules = codecFor(context.era).resultRules(call.request.method);
  const body = encodeResult(
    context.id,
    { kind: 'value', value },
    { rules, serverInfoMeta: context.serverInfoMeta },
  );
  return { httpStatus: 200, headers, body };
}

/** `data.uri` says which resource is missing (server/resources of 2026-07-28, error handling). */
function withMissingUri(refusal: Refusal, { request }: Call): Refusal {
  const { subject } = request;
  const isMissing = refusal.code === 'resource_not_found' && request.method === 'resources/read';
  if (!isMissing || subject === undefined || subject.length > ERROR_URI_CHARS_MAX) return refusal;
  return { ...refusal, details: { ...refusal.details, uri: subject } };
}

/** "Unknown tool" is a JSON-RPC error of -32602 in every revision (server/tools, error handling). */
const NAMED_BY_SPECIFICATION: ReadonlySet<string> = new Set(['tool_not_found']);

/** RFC 6750 §3.1: a request without any token is told of no error, only that one is wanted. */
function tokenChallenge(call: Call): string {
  const isMissing = call.request.credential.kind === 'none';
  return isMissing ? 'Bearer realm="breakwater"' : 'Bearer realm="breakwater", error="invalid_token"';
}

/** RFC 6750 §3.1: the challenge names the scopes that would do. */
function scopeChallenge(refusal: Refusal): string {
  const required = refusal.details?.['required_scopes'];
  const scopes = Array.isArray(required)
    ? required.filter((scope) => typeof scope === 'string').join(' ')
    : '';
  return `Bearer realm="breakwater", error="insufficient_scope", scope="${scopes}"`;
}

/** A JSON-RPC error, with or without an id. */
export function errorReply(
  error: RpcError,
  context: { readonly httpStatus: number; readonly id: RequestId | undefined; readonly era: Era },
): Reply {
  return {
    httpStatus: context.httpStatus,
    headers: undefined,
    body: [encodeError(context.id, error, context.era)],
  };
}
