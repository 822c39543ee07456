import { isJsonObject } from '../../platform/json.ts';
import { VIOLATIONS_MAX } from '../../platform/limits.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Refusal } from '../outcome.ts';
import type { Violation } from '../target.ts';

/** Violations that are spelled out in the sentence; all of them are in `violations`. */
const IN_MESSAGE_MAX = 5;

const NOT_AN_OBJECT: readonly Violation[] = [{ path: '', expected: 'must be object' }];

/**
 * Checks the arguments before any allowance is spent on the call. A model
 * mends its arguments by what it reads here, so the refusal names each place
 * and the rule that it breaks, and never repeats a value: arguments carry
 * secrets, and refusals are logged.
 */
export function createValidateGuardrail(): Guardrail {
  return {
    name: 'validate',
    enter(call) {
      const validate = call.target.validateArguments;
      if (validate === undefined) return undefined;
      const given = call.request.params['arguments'];
      // Left out means none; null is a value, and the wrong one.
      const args = given === undefined ? {} : given;
      const violations = isJsonObject(args) ? validate(args) : NOT_AN_OBJECT;
      return violations.length === 0 ? undefined : invalidArguments(violations);
    },
  };
}

/** The refusal for arguments that break a schema; at most ten violations are named. */
export function invalidArguments(violations: readonly Violation[]): Refusal {
  const named = violations.slice(0, VIOLATIONS_MAX);
  return {
    code: 'invalid_arguments',
    message: sentence(named),
    details: { violations: named.map(({ path, expected }) => ({ path, expected })) },
  };
}

function sentence(violations: readonly Violation[]): string {
  const parts = violations
    .slice(0, IN_MESSAGE_MAX)
    .map(({ path, expected }) => (path === '' ? expected : `${path} ${expected}`));
  const rest = violations.length - parts.length;
  const more = rest > 0 ? `; and ${rest} more, see \`violations\`` : '';
  return `The arguments do not match the tool's input schema: ${parts.join('; ')}${more}.`;
}
