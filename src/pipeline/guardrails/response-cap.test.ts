import { describe, expect, it } from 'vitest';
import { makeCall, makeTarget } from '../fixtures/make-call.ts';
import type { Outcome, ResultBody } from '../outcome.ts';
import { createResponseCapGuardrail } from './response-cap.ts';

function exit(
  result: ResultBody,
  kind: 'ok' | 'tool_error' = 'ok',
): { before: Outcome; after: Outcome | undefined } {
  const guardrail = createResponseCapGuardrail();
  const call = makeCall({ target: makeTarget({ limits: { responseBytesMax: 100 } }) });
  expect(guardrail.enter(call)).toBeUndefined();
  const before: Outcome = { kind, result };
  return { before, after: guardrail.exit?.(call, before) };
}

function bytes(length: number): ResultBody {
  return { kind: 'bytes', bytes: Buffer.alloc(length), isEmpty: false, hasResultType: false, hasMeta: false };
}

/** `{"t":"…"}` with the given number of bytes in all. */
function value(length: number, fill = 'x'): ResultBody {
  return { kind: 'value', value: { t: fill.repeat((length - 8) / Buffer.byteLength(fill)) } };
}

const TOO_LARGE = { kind: 'failed', refusal: { code: 'response_too_large', commitState: 'unknown' } };

describe('response-cap', () => {
  it.each(['ok', 'tool_error'] as const)(
    'passes a result of exactly the cap and refuses one byte more: %s',
    (kind) => {
      for (const make of [bytes, value]) {
        const fits = exit(make(100), kind);
        expect(fits.after).toBe(fits.before);
        expect(exit(make(101), kind).after).toEqual(TOO_LARGE);
      }
    },
  );

  it('counts bytes, not characters', () => {
    expect(exit(value(100, 'é')).after).toMatchObject({ kind: 'ok' });
    expect(exit(value(102, 'é')).after).toEqual(TOO_LARGE);
  });

  it.each<Outcome>([
    { kind: 'cancelled' },
    { kind: 'refused', refusal: { code: 'audit_unavailable' } },
    { kind: 'failed', refusal: { code: 'timeout' } },
    { kind: 'protocol_error', code: -32_602, message: 'no' },
  ])('leaves an outcome without a result alone', (outcome) => {
    expect(createResponseCapGuardrail().exit?.(makeCall(), outcome)).toBe(outcome);
  });

  it('takes a cap that is no number as no allowance at all', () => {
    const call = makeCall({ target: makeTarget({ limits: { responseBytesMax: Number.NaN } }) });
    expect(createResponseCapGuardrail().exit?.(call, { kind: 'ok', result: bytes(1) })).toEqual(TOO_LARGE);
  });
});
