import { RESPONSE_BYTES_MAX_CEILING } from '../../platform/limits.ts';
import type { Guardrail } from '../guardrail.ts';
import { failed } from '../outcome.ts';
import { resultBytes } from '../result-size.ts';

/**
 * The backstop of the response cap. Upstream clients count bytes while they
 * arrive and stop at the cap; this catches local handlers, and any client that
 * forgets to count. A result is refused whole: one that is cut in silence
 * reads as complete.
 */
export function createResponseCapGuardrail(): Guardrail {
  return {
    name: 'response-cap',
    enter: () => undefined,
    exit(call, outcome) {
      if (outcome.kind !== 'ok' && outcome.kind !== 'tool_error') return outcome;
      const bytesMax = Math.min(call.target.limits.responseBytesMax, RESPONSE_BYTES_MAX_CEILING);
      if (resultBytes(outcome.result) <= bytesMax) return outcome;
      // The work was done. Whoever is told to ask for less must know that a write is not undone by it.
      return failed({ code: 'response_too_large', commitState: 'unknown' });
    },
  };
}
