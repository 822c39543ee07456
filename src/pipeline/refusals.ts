/**
 * The one catalogue of what can go wrong. Agents match on `code`, operators
 * alert on it, and `docs/reference/errors.md` is generated from it; a test
 * holds the three together. A code is never renamed or reused.
 */

/** Who can make the next call succeed. */
export type WhoseMove = 'agent' | 'operator' | 'upstream_owner';

/** How the audit row of such a call is counted. */
export type AuditStatus = 'success' | 'error' | 'timeout' | 'auth_failure';

/** How the circuit breaker reads it. `neutral` is no evidence about the upstream. */
export type BreakerEffect = 'failure' | 'success' | 'neutral';

export interface RefusalEntry {
  readonly whoseMove: WhoseMove;
  /** Whether the same call can succeed later without anyone changing anything. */
  readonly retryable: boolean;
  /** When or how to go on, for the reference page. */
  readonly hint: string;
  /** What the agent reads when the place of refusal has nothing more exact to say. */
  readonly message: string;
  readonly auditStatus: AuditStatus;
  readonly breakerEffect: BreakerEffect;
  /**
   * JSON-RPC code when the method is not `tools/call`. Ours lie outside
   * -32768…-32000, which JSON-RPC 2.0 and MCP reserve; -32602 where the
   * specification names it.
   */
  readonly rpcCode: number;
  /** HTTP status; 200 unless the refusal happens at the edge of the protocol. */
  readonly httpStatus: number;
}

interface EntryInput extends Partial<Pick<RefusalEntry, 'auditStatus' | 'breakerEffect' | 'httpStatus'>> {
  whoseMove: WhoseMove;
  retryable: boolean;
  hint: string;
  message: string;
  rpcCode: number;
}

function entry(input: EntryInput): RefusalEntry {
  return { auditStatus: 'error', breakerEffect: 'neutral', httpStatus: 200, ...input };
}

/** Every code, stable for ever: agents and alerts match on it. */
export type RefusalCode =
  | 'rate_limited'
  | 'concurrency_limited'
  | 'circuit_open'
  | 'timeout'
  | 'upstream_unreachable'
  | 'upstream_error'
  | 'upstream_invalid_response'
  | 'upstream_auth_failed'
  | 'upstream_redirect'
  | 'upstream_rate_limited'
  | 'response_too_large'
  | 'input_required_unsupported'
  | 'invalid_arguments'
  | 'tool_not_found'
  | 'prompt_not_found'
  | 'resource_not_found'
  | 'endpoint_not_found'
  | 'tool_disabled'
  | 'tool_quarantined'
  | 'destination_blocked'
  | 'unauthorized'
  | 'token_revoked'
  | 'token_expired'
  | 'insufficient_scope'
  | 'job_not_found'
  | 'idempotency_conflict'
  | 'overloaded'
  | 'audit_unavailable'
  | 'shutting_down'
  | 'cancelled'
  | 'internal';

export const REFUSALS: Readonly<Record<RefusalCode, RefusalEntry>> = {
  rate_limited: entry({
    whoseMove: 'agent',
    retryable: true,
    hint: 'Wait `retry_after_ms`, then call again.',
    message: 'The rate limit of this project is reached. Wait and call again.',
    rpcCode: -31001,
  }),
  concurrency_limited: entry({
    whoseMove: 'agent',
    retryable: true,
    hint: 'Wait `retry_after_ms`, then call again; make fewer calls at once.',
    message: 'Too many calls are running at once. Wait and call again, with fewer calls in parallel.',
    rpcCode: -31002,
  }),
  circuit_open: entry({
    whoseMove: 'upstream_owner',
    retryable: true,
    hint: 'Wait `retry_after_ms`; use another tool meanwhile.',
    message: 'This upstream failed repeatedly and is given a rest. Use another tool or wait.',
    rpcCode: -31003,
  }),
  timeout: entry({
    whoseMove: 'upstream_owner',
    retryable: true,
    hint: 'A read may be called again; a write may have happened (`commit_state`).',
    message: 'The upstream did not answer before the deadline. Ask for less, or try again later.',
    auditStatus: 'timeout',
    breakerEffect: 'failure',
    rpcCode: -31004,
  }),
  upstream_unreachable: entry({
    whoseMove: 'upstream_owner',
    retryable: true,
    hint: 'Try again later; the upstream could not be connected.',
    message: 'The upstream server cannot be reached. Try again later or use another tool.',
    breakerEffect: 'failure',
    rpcCode: -31005,
  }),
  upstream_error: entry({
    whoseMove: 'upstream_owner',
    retryable: false,
    hint: 'The upstream reported a failure of its own.',
    message: 'The upstream server reported an internal error.',
    breakerEffect: 'failure',
    rpcCode: -31006,
  }),
  upstream_invalid_response: entry({
    whoseMove: 'upstream_owner',
    retryable: false,
    hint: 'The answer broke the protocol; the owner of the upstream has to mend it.',
    message: 'The upstream server answered with something that is not valid MCP.',
    breakerEffect: 'failure',
    rpcCode: -31007,
  }),
  upstream_auth_failed: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: "The operator has to renew this upstream's credentials.",
    message: "The upstream refused the gateway's credentials. An operator has to renew them.",
    auditStatus: 'auth_failure',
    breakerEffect: 'success',
    rpcCode: -31008,
  }),
  upstream_redirect: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'Redirects are never followed; the operator has to configure the final URL.',
    message:
      'The upstream answered with a redirect, which is never followed. An operator has to set the final URL.',
    breakerEffect: 'failure',
    rpcCode: -31009,
  }),
  upstream_rate_limited: entry({
    whoseMove: 'agent',
    retryable: true,
    hint: 'Wait `retry_after_ms`: the upstream itself is limiting.',
    message: 'The upstream server is limiting its callers. Wait and call again.',
    rpcCode: -31010,
  }),
  response_too_large: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'Ask for less: a filter, a page, a smaller range.',
    message:
      'The result is larger than this gateway lets through. Narrow the request: filter, page or ask for less.',
    rpcCode: -31011,
  }),
  input_required_unsupported: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'The tool needs an answer from the client in mid-call, which cannot be carried on this path.',
    message: 'This tool asks for more input in mid-call, which this gateway cannot carry on this path.',
    breakerEffect: 'success',
    rpcCode: -31012,
  }),
  invalid_arguments: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'Correct the members named in `violations` and call again.',
    message: "The arguments do not match the tool's input schema.",
    rpcCode: -32602,
  }),
  tool_not_found: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'List the tools and use a name from the list.',
    message: 'There is no tool of this name. List the tools again.',
    rpcCode: -32602,
  }),
  prompt_not_found: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'List the prompts and use a name from the list.',
    message: 'There is no prompt of this name. List the prompts again.',
    rpcCode: -32602,
  }),
  resource_not_found: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'List the resources and use a URI from the list.',
    message: 'There is no resource with this URI. List the resources again.',
    rpcCode: -32602,
  }),
  endpoint_not_found: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'Use `/mcp`, or `/mcp/<upstream>` with the name of an upstream of your project.',
    message:
      'There is no such endpoint. Use /mcp, or /mcp/<upstream> with the name of a configured upstream.',
    rpcCode: -31025,
    httpStatus: 404,
  }),
  tool_disabled: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'Use another tool; an operator switched this one off.',
    message: 'An operator has switched this tool off.',
    rpcCode: -31013,
  }),
  tool_quarantined: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'The definition changed under its pin; an operator has to approve it.',
    message: 'The definition of this tool changed and waits for an operator to approve it.',
    rpcCode: -31014,
  }),
  destination_blocked: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'The address of this upstream is not allowed; see `egress.allow`.',
    message: 'The address of this upstream is not allowed by the egress policy.',
    rpcCode: -31015,
  }),
  unauthorized: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'Send a valid token: `Authorization: Bearer …`.',
    message: 'A valid token is required.',
    auditStatus: 'auth_failure',
    rpcCode: -31016,
    httpStatus: 401,
  }),
  token_revoked: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'Ask the operator for a new token.',
    message: 'This token is no longer valid.',
    auditStatus: 'auth_failure',
    rpcCode: -31017,
    httpStatus: 401,
  }),
  token_expired: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'Ask the operator for a new token.',
    message: 'This token has expired. Ask the operator for a new one.',
    auditStatus: 'auth_failure',
    rpcCode: -31026,
    httpStatus: 401,
  }),
  insufficient_scope: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'The token lacks a scope; ask the operator for one that has it.',
    message: 'This token does not have the scope that the request needs.',
    auditStatus: 'auth_failure',
    rpcCode: -31018,
    httpStatus: 403,
  }),
  job_not_found: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'Use an id from `list_jobs`; finished jobs expire.',
    message: 'There is no job with this id.',
    rpcCode: -32602,
  }),
  idempotency_conflict: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'The key was used with other arguments; use a new key.',
    message: 'This idempotency key was used with other arguments. Use a new key.',
    rpcCode: -31019,
  }),
  overloaded: entry({
    whoseMove: 'agent',
    retryable: true,
    hint: 'Wait `retry_after_ms`, then call again.',
    message: 'The gateway is at its limit. Wait and call again.',
    rpcCode: -31020,
  }),
  audit_unavailable: entry({
    whoseMove: 'operator',
    retryable: true,
    hint: 'Calls are refused while they cannot be recorded; the operator has to look at the data folder.',
    message: 'The call cannot be recorded at the moment, so it was not made. Try again later.',
    rpcCode: -31021,
  }),
  shutting_down: entry({
    whoseMove: 'agent',
    retryable: true,
    hint: 'Connect again; another process will answer.',
    message: 'The gateway is shutting down. Connect again and retry.',
    rpcCode: -31022,
  }),
  cancelled: entry({
    whoseMove: 'agent',
    retryable: false,
    hint: 'The caller cancelled or went away.',
    message: 'The call was cancelled.',
    rpcCode: -31023,
  }),
  internal: entry({
    whoseMove: 'operator',
    retryable: false,
    hint: 'Tell the operator the `request_id`; the log has the cause.',
    message: 'The gateway failed. Tell the operator the request_id.',
    rpcCode: -31024,
  }),
};
