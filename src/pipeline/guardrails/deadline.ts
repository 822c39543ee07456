import type { DeadlineQueue } from '../../platform/deadlines.ts';
import { TIMEOUT_MS_MAX } from '../../platform/limits.ts';
import type { Guardrail } from '../guardrail.ts';

/**
 * One total deadline for what follows. It is the only thing that stops an
 * upstream which sends a byte now and then: such a byte resets every idle
 * timeout, and progress does not extend this one.
 */
export function createDeadlineGuardrail(deadlines: DeadlineQueue): Guardrail {
  return {
    name: 'deadline',
    enter(call) {
      const timeoutMs = Math.min(call.target.limits.timeoutMs, TIMEOUT_MS_MAX);
      call.deadline = deadlines.add(timeoutMs, () => {
        call.abort('deadline');
      });
      return undefined;
    },
    exit(call, outcome) {
      call.deadline?.remove();
      call.deadline = undefined;
      return outcome;
    },
  };
}
