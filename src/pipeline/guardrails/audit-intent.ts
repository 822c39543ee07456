import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Refusal } from '../outcome.ts';
import type { AuditSink } from './audit.ts';

const UNAVAILABLE: Refusal = { code: 'audit_unavailable' };

/**
 * The innermost layer: a call leaves the process only after the journal has
 * it, so that a crash at any point leaves a record of what may have happened.
 * When the journal cannot be written nothing is dispatched; `onFailure`
 * receives the cause, the caller does not.
 */
export function createAuditIntentGuardrail(
  sink: Pick<AuditSink, 'intent'>,
  onFailure: (error: unknown, call: Call) => void,
): Guardrail {
  const refuse = (error: unknown, call: Call): Refusal => {
    onFailure(error, call);
    return UNAVAILABLE;
  };
  return {
    name: 'audit-intent',
    enter(call) {
      let written: undefined | Promise<void>;
      try {
        written = sink.intent(call);
      } catch (error) {
        return refuse(error, call);
      }
      if (written === undefined) {
        call.dispatched = true;
        return undefined;
      }
      return written.then(
        () => {
          // A call that was aborted while the journal was written goes no further.
          call.dispatched = !call.aborted;
          return undefined;
        },
        (error: unknown) => refuse(error, call),
      );
    },
  };
}
