import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { makeCall, makeTarget } from '../fixtures/make-call.ts';
import type { Violation } from '../target.ts';
import { createValidateGuardrail } from './validate.ts';

function enter(args: unknown, violations: readonly Violation[] = []) {
  const seen: JsonObject[] = [];
  const target = makeTarget({
    validateArguments: (given) => {
      seen.push(given);
      return violations;
    },
  });
  const params = (args === undefined ? { name: 't' } : { name: 't', arguments: args }) as JsonObject;
  return { refusal: createValidateGuardrail().enter(makeCall({ target, request: { params } })), seen };
}

describe('validate', () => {
  it('passes arguments without a violation, and missing arguments as an empty object', () => {
    expect(enter({ limit: 1 })).toEqual({ refusal: undefined, seen: [{ limit: 1 }] });
    expect(enter(undefined)).toEqual({ refusal: undefined, seen: [{}] });
  });

  it.each([[null], [[]], ['x'], [1], [true]])('refuses arguments that are no object: %o', (args) => {
    const { refusal, seen } = enter(args);
    expect(refusal).toMatchObject({
      code: 'invalid_arguments',
      details: { violations: [{ path: '', expected: 'must be object' }] },
    });
    expect(seen).toEqual([]);
  });

  it('names every violation in one sentence', () => {
    const { refusal } = enter({}, [
      { path: '/limit', expected: 'must be integer' },
      { path: '', expected: 'unknown member `x`' },
    ]);
    expect(refusal).toEqual({
      code: 'invalid_arguments',
      message:
        "The arguments do not match the tool's input schema: /limit must be integer; unknown member `x`.",
      details: {
        violations: [
          { path: '/limit', expected: 'must be integer' },
          { path: '', expected: 'unknown member `x`' },
        ],
      },
    });
  });

  it('names at most ten violations, and five of them in the sentence', () => {
    const violations = Array.from({ length: 30 }, (_, index) => ({
      path: `/m${index}`,
      expected: 'must be string',
    }));
    const { refusal } = enter({}, violations);
    expect(refusal).toMatchObject({ details: { violations: violations.slice(0, 10) } });
    expect((refusal as { message: string }).message).toContain('; and 5 more, see `violations`.');
    expect((refusal as { message: string }).message).not.toContain('/m5');
  });

  it('passes what has nothing to validate', () => {
    const call = makeCall({ request: { method: 'resources/read', params: { uri: 'file:///x' } } });
    expect(createValidateGuardrail().enter(call)).toBeUndefined();
  });
});
