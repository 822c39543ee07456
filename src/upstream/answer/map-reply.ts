import type { Outcome } from '../../pipeline/outcome.ts';
import { failedWithoutAnswer, failure } from './failures.ts';
import type { RequestFacts } from './failures.ts';
import { outcomeOfMessage } from './map-message.ts';
import type { Reply } from './reply.ts';

/** The outcome of what came back, for the caller of `facts.method`. */
export function outcomeOfReply(reply: Reply, facts: RequestFacts): Outcome {
  switch (reply.kind) {
    case 'message':
      return outcomeOfMessage(reply.message, facts.method);
    case 'status':
      return outcomeOfStatus(reply.status, reply.retryAfterMs, facts);
    case 'failed':
      return reply.outcome;
    default:
      return reply satisfies never;
  }
}

/**
 * An HTTP status without a JSON-RPC message for us. A refusal (3xx, 4xx) is a
 * definite answer; 408 and 5xx may come from a proxy while the tool runs on.
 */
function outcomeOfStatus(status: number, retryAfterMs: number | undefined, facts: RequestFacts): Outcome {
  if (status === 401 || status === 403 || status === 407) return failure('upstream_auth_failed');
  if (status === 429) {
    return failure('upstream_rate_limited', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (status >= 300 && status < 400 && status !== 304) return failure('upstream_redirect');
  if (status === 408 || (status >= 500 && status < 600)) return failedWithoutAnswer('upstream_error', facts);
  if (status >= 400 && status < 500) return failure('upstream_error');
  // 202, 204, 206, 304, 999: none of them answers a request.
  return failedWithoutAnswer('upstream_invalid_response', facts);
}
