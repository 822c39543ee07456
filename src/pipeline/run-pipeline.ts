import type { Call, RunCall } from './call.ts';
import type { Guardrail, GuardrailName } from './guardrail.ts';
import { failed, refused, type Outcome, type Refusal } from './outcome.ts';

/** Where something threw that must not throw. */
export type FailurePlace = GuardrailName | 'target';

export interface RunnerOptions {
  /**
   * Receives the cause of every `internal` outcome, for the operators' log.
   * The outcome itself carries nothing of it. What this throws is dropped.
   */
  readonly onInternalError: (error: unknown, call: Call, place: FailurePlace) => void;
}

/**
 * Builds the function that takes a call through `guardrails` to its target and
 * back. It awaits only where a guardrail answers with a promise, because an
 * await for each of a dozen layers would cost more than their work.
 *
 * It never rejects. Every guardrail whose `enter` let the call pass is left
 * exactly once, innermost first; the one that refused is not left, since it
 * holds nothing.
 */
export function createRunner(guardrails: readonly Guardrail[], options: RunnerOptions): RunCall {
  const report = (error: unknown, call: Call, place: FailurePlace): Outcome => {
    try {
      options.onInternalError(error, call, place);
    } catch {
      // A log that fails must not take the answer with it.
    }
    return internalOutcome(call);
  };

  return async (call) => {
    let entered = 0;
    let outcome: Outcome | undefined;
    for (const guardrail of guardrails) {
      try {
        let verdict = guardrail.enter(call);
        if (verdict instanceof Promise) {
          verdict = await verdict;
          // Passing took a slot or a permit even if the call was aborted meanwhile, so it has to be left.
          if (verdict === undefined) entered += 1;
          outcome = stopped(call, verdict);
        } else if (verdict === undefined) entered += 1;
        else outcome = refused(verdict);
      } catch (error) {
        outcome = report(error, call, guardrail.name);
      }
      if (outcome !== undefined) break;
    }
    if (outcome === undefined) {
      try {
        outcome = call.abortCause === undefined ? await call.target.invoke(call) : abortedOutcome(call);
      } catch (error) {
        outcome = report(error, call, 'target');
      }
      outcome = delivered(call, outcome);
    }
    for (let index = entered - 1; index >= 0; index -= 1) {
      const guardrail = guardrails[index];
      if (guardrail?.exit === undefined) continue;
      try {
        outcome = guardrail.exit(call, outcome);
      } catch (error) {
        outcome = report(error, call, guardrail.name);
      }
    }
    return outcome;
  };
}

/** What of the target's outcome the caller of a call gets that may have been aborted meanwhile. */
function delivered(call: Call, outcome: Outcome): Outcome {
  const cause = call.abortCause;
  if (cause === undefined) return outcome;
  // An answer that arrived together with the deadline is still an answer, and says more than
  // "unknown"; only to a caller who has left does it say nothing.
  if (cause !== 'caller' && isDelivered(outcome)) return outcome;
  return abortedOutcome(call);
}

/** What ends a call after a wait: its abort first, then the guardrail's own refusal. */
function stopped(call: Call, refusal: Refusal | undefined): Outcome | undefined {
  if (call.abortCause !== undefined) return abortedOutcome(call);
  return refusal === undefined ? undefined : refused(refusal);
}

function isDelivered(outcome: Outcome): boolean {
  return outcome.kind === 'ok' || outcome.kind === 'tool_error' || outcome.kind === 'protocol_error';
}

/** The outcome of a call that was aborted. Once it was dispatched, its effect is unknown. */
export function abortedOutcome(call: Call): Outcome {
  switch (call.abortCause) {
    case 'deadline':
      return failed(withCommitState(call, { code: 'timeout' }));
    case 'drain':
      return call.dispatched
        ? failed({ code: 'shutting_down', commitState: 'unknown' })
        : refused({ code: 'shutting_down' });
    case 'caller':
    case undefined:
      return { kind: 'cancelled' };
  }
}

function internalOutcome(call: Call): Outcome {
  const refusal: Refusal = withCommitState(call, { code: 'internal' });
  return call.dispatched ? failed(refusal) : refused(refusal);
}

function withCommitState(call: Call, refusal: Refusal): Refusal {
  return call.dispatched ? { ...refusal, commitState: 'unknown' } : refusal;
}
