import { describe, expect, it } from 'vitest';
import { ERROR_META_KEY, refusalOf, toErrorObject, toRpcError, toToolResult } from './error-object.ts';
import { OK } from './fixtures/make-call.ts';
import { REFUSALS, type RefusalCode } from './refusals.ts';

const requestId = 'request-1';
const codes = Object.keys(REFUSALS) as RefusalCode[];

describe('toErrorObject', () => {
  it('has exactly the documented members, in the documented order', () => {
    const object = toErrorObject(
      { code: 'rate_limited', message: 'This project allows 60 calls per 60 s.', retryAfterMs: 30_000 },
      { requestId },
    );
    expect(JSON.stringify(object)).toBe(
      '{"status":"error","code":"rate_limited","message":"This project allows 60 calls per 60 s.",' +
        '"retryable":true,"retry_after_ms":30000,"request_id":"request-1"}',
    );
  });

  it.each(codes)('takes message and retryable of %s from the catalogue', (code) => {
    expect(toErrorObject({ code }, { requestId })).toEqual({
      status: 'error',
      code,
      message: REFUSALS[code].message,
      retryable: REFUSALS[code].retryable,
      request_id: requestId,
    });
  });

  it.each([
    [0, 1],
    [-5, 1],
    [0.2, 1],
    [1.2, 2],
    [30_000, 30_000],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
  ])('gives a retry time of %s ms as the whole number %s', (retryAfterMs, expected) => {
    const object = toErrorObject({ code: 'rate_limited', retryAfterMs }, { requestId });
    expect(object.retry_after_ms).toBe(expected);
  });

  it('forbids to retry a call that may have changed something', () => {
    const object = toErrorObject(
      { code: 'timeout', commitState: 'unknown', retryAfterMs: 1_000 },
      { requestId, target: { isRetrySafe: false } },
    );
    expect(object).toMatchObject({ retryable: false, commit_state: 'unknown' });
    expect(object).not.toHaveProperty('retry_after_ms');
    expect(toErrorObject({ code: 'timeout', commitState: 'unknown' }, { requestId })).toMatchObject({
      retryable: false,
      commit_state: 'unknown',
    });
  });

  it('lets a timed-out call be retried where that does no harm', () => {
    const object = toErrorObject(
      { code: 'timeout', commitState: 'unknown' },
      { requestId, target: { isRetrySafe: true } },
    );
    expect(object.retryable).toBe(true);
    expect(object).not.toHaveProperty('commit_state');
  });

  it('does not make a code retryable that is not', () => {
    const context = { requestId, target: { isRetrySafe: true } };
    expect(toErrorObject({ code: 'upstream_error', commitState: 'unknown' }, context).retryable).toBe(false);
  });

  it('adds details, but lets them overwrite nothing that agents act on', () => {
    const details = JSON.parse('{"violations":[],"retryable":true,"request_id":"x","__proto__":{"a":1}}');
    const object = toErrorObject({ code: 'invalid_arguments', details }, { requestId });
    expect(object).toMatchObject({ violations: [], retryable: false, request_id: requestId });
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });
});

describe('toToolResult', () => {
  const error = toErrorObject({ code: 'circuit_open', retryAfterMs: 5 }, { requestId });

  it('puts the same object into the text and the metadata', () => {
    const result = toToolResult(error, { outputSchemaAdmits: false });
    expect(result).toEqual({
      content: [{ type: 'text', text: JSON.stringify(error) }],
      isError: true,
      _meta: { [ERROR_META_KEY]: error },
    });
  });

  it('adds structured content only where the output schema admits it', () => {
    expect(toToolResult(error, { outputSchemaAdmits: true })['structuredContent']).toEqual(error);
  });
});

describe('toRpcError', () => {
  it.each(codes)('answers %s with a code that JSON-RPC does not reserve, or with -32602', (code) => {
    const object = toErrorObject({ code }, { requestId });
    const rpcError = toRpcError(object);
    expect(rpcError).toEqual({ code: REFUSALS[code].rpcCode, message: object.message, data: object });
    const isReserved = rpcError.code >= -32_768 && rpcError.code <= -32_000;
    expect(isReserved).toBe(rpcError.code === -32_602);
  });
});

describe('refusalOf', () => {
  it('finds the refusal of every outcome that delivers nothing', () => {
    expect(refusalOf({ kind: 'refused', refusal: { code: 'internal' } })).toEqual({ code: 'internal' });
    expect(refusalOf({ kind: 'failed', refusal: { code: 'timeout' } })).toEqual({ code: 'timeout' });
    expect(refusalOf({ kind: 'cancelled' })).toEqual({ code: 'cancelled' });
    expect(refusalOf(OK)).toBeUndefined();
  });
});
