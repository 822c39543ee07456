import type { Clock } from '../../platform/clock.ts';
import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Outcome, Refusal } from '../outcome.ts';
import { REFUSALS, type AuditStatus, type RefusalCode } from '../refusals.ts';
import { resultBytes } from '../result-size.ts';

/** How a finished call is recorded, beside what the call itself says. */
export interface AuditFacts {
  readonly status: AuditStatus;
  /** Undefined for a success. */
  readonly code: RefusalCode | 'tool_error' | 'protocol_error' | undefined;
  /** From acceptance to here, on the monotonic clock. */
  readonly durationMs: number;
  /** Bytes of the result as JSON; 0 where there is none. */
  readonly responseBytes: number;
  /** The target may have been asked, so the call may have taken effect. */
  readonly dispatched: boolean;
}

/** Where calls are recorded. */
export interface AuditSink {
  /** Opens the record of a call of class `invoke`, before anything else looks at it. Must not throw. */
  begin?(call: Call): void;
  /**
   * Journals that the call is about to leave. Resolves once that would survive
   * the death of the process, and rejects when it cannot be written.
   */
  intent(call: Call): undefined | Promise<void>;
  /** Records how the call ended, exactly once. Must not throw. */
  finish(call: Call, outcome: Outcome, facts: AuditFacts): void;
}

/**
 * The outermost layer: whatever further in refuses, throws or waits, the call
 * is recorded once when it is over. Of lists and the handshake only refusals
 * and failures are recorded, or an idle client that pings would fill the log.
 */
export function createAuditGuardrail(sink: AuditSink, clock: Clock): Guardrail {
  return {
    name: 'audit',
    enter(call) {
      if (call.callClass === 'invoke') sink.begin?.(call);
      return undefined;
    },
    exit(call, outcome) {
      if (call.callClass === 'invoke' || outcome.kind === 'refused' || outcome.kind === 'failed') {
        sink.finish(call, outcome, auditFacts(call, outcome, clock.monotonicMs()));
      }
      return outcome;
    },
  };
}

/** The facts of a call that ended with `outcome` at `monotonicMs`. */
export function auditFacts(call: Call, outcome: Outcome, monotonicMs: number): AuditFacts {
  const { status, code } = statusOf(outcome);
  return {
    status,
    code,
    durationMs: wholeMicroseconds(monotonicMs - call.startedMonotonicMs),
    responseBytes: outcome.kind === 'ok' || outcome.kind === 'tool_error' ? resultBytes(outcome.result) : 0,
    dispatched: call.dispatched,
  };
}

/** The clock gives digits that nobody measures; a row and a journal line carry them for every call. */
function wholeMicroseconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1000) / 1000);
}

function statusOf(outcome: Outcome): Pick<AuditFacts, 'status' | 'code'> {
  switch (outcome.kind) {
    case 'ok':
      return { status: 'success', code: undefined };
    case 'tool_error':
    case 'protocol_error':
      return { status: 'error', code: outcome.kind };
    case 'cancelled':
      return { status: 'error', code: 'cancelled' };
    case 'refused':
    case 'failed':
      return refusalStatus(outcome.refusal);
  }
}

function refusalStatus(refusal: Refusal): Pick<AuditFacts, 'status' | 'code'> {
  return { status: REFUSALS[refusal.code].auditStatus, code: refusal.code };
}
