import type { Outcome } from '../../pipeline/outcome.ts';
import { failedWithoutAnswer, refusal } from '../answer/failures.ts';
import type { RequestFacts } from '../answer/failures.ts';
import { classifyNetworkError, errorCode } from '../egress/index.ts';
import type { ExchangeProgress } from '../egress/index.ts';

/**
 * The outcome of a transport error, and its code for the log. Refused
 * connections, unknown names and TLS failures look alike to the caller: the
 * difference would map the network behind the gateway.
 */
export function networkOutcome(
  error: unknown,
  progress: ExchangeProgress,
  facts: RequestFacts,
): { outcome: Outcome; code: string } {
  return { outcome: outcomeOf(error, progress, facts), code: errorCode(error) || 'unknown' };
}

function outcomeOf(error: unknown, progress: ExchangeProgress, facts: RequestFacts): Outcome {
  const failure = classifyNetworkError(error, progress);
  switch (failure) {
    case 'blocked':
      return refusal({ code: 'destination_blocked' });
    case 'local':
      return failedWithoutAnswer('upstream_unreachable', facts, { breakerEffect: 'neutral' });
    case 'unreachable':
      return failedWithoutAnswer('upstream_unreachable', facts);
    case 'broken_answer':
      return failedWithoutAnswer('upstream_invalid_response', facts);
    case 'timeout':
      return failedWithoutAnswer('timeout', facts);
    default:
      return failure satisfies never;
  }
}
