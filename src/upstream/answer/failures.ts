import type { Outcome, Refusal } from '../../pipeline/outcome.ts';
import type { RefusalCode } from '../../pipeline/refusals.ts';
import type { CallSignal } from '../upstream.ts';

/** What is known of a request when it fails. */
export interface RequestFacts {
  readonly method: string;
  /** Bytes of it may have left this process. */
  readonly wasSent: boolean;
}

type Extra = Omit<Refusal, 'code' | 'commitState'>;

/**
 * A failure without a definite answer of the upstream. A tool call of which
 * bytes may have left says `commitState: 'unknown'`: the tool may have run.
 */
export function failedWithoutAnswer(code: RefusalCode, facts: RequestFacts, extra?: Extra): Outcome {
  if (!facts.wasSent || facts.method !== 'tools/call') return failure(code, extra);
  return { kind: 'failed', refusal: { code, ...extra, commitState: 'unknown' } };
}

/** A failure that the upstream itself declared, so that nothing is left open. */
export function failure(code: RefusalCode, extra?: Extra): Outcome {
  return { kind: 'failed', refusal: extra === undefined ? { code } : { code, ...extra } };
}

/** A request that was not made at all. */
export function refusal(of: Refusal): Outcome {
  return { kind: 'refused', refusal: of };
}

/** The outcome of a request that its own signal ended. */
export function abortedOutcome(signal: CallSignal, facts: RequestFacts): Outcome {
  switch (signal.abortCause) {
    case 'deadline':
      return failedWithoutAnswer('timeout', facts);
    case 'drain':
      return failedWithoutAnswer('shutting_down', facts);
    default:
      return { kind: 'cancelled' };
  }
}
