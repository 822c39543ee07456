import { describe, expect, it } from 'vitest';
import { META_KEYS, NO_META, readRequestMeta } from './request-meta.ts';
import { isTraceparent, traceIdOf } from './trace-context.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  it.each([
    [TRACE, true],
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00', true],
    ['cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', true],
    ['cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-later', true],
    ['cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.later', false],
    [`${TRACE}-later`, false],
    ['ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', false],
    ['00-00000000000000000000000000000000-b7ad6b7169203331-01', false],
    ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', false],
    ['00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01', false],
    ['00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01', false],
    ['00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01', false],
    [TRACE.slice(0, -1), false],
    [`${TRACE} `, false],
    ['', false],
    [`cc-${TRACE.slice(3)}-${'a'.repeat(10_000)}`, false],
  ])('%s: %s', (text, expected) => {
    expect(isTraceparent(text)).toBe(expected);
  });

  it('holds the trace id', () => {
    expect(traceIdOf(TRACE)).toBe('0af7651916cd43dd8448eb211c80319c');
  });
});

describe('readRequestMeta', () => {
  it('reads what is well-formed', () => {
    const _meta = {
      [META_KEYS.clientCapabilities]: { sampling: {} },
      [META_KEYS.clientInfo]: { name: 'x' },
      progressToken: 0,
      traceparent: TRACE,
      tracestate: 'a=1',
      baggage: 'k=v',
    };
    expect(readRequestMeta({ _meta })).toEqual({
      clientCapabilities: { sampling: {} },
      clientInfo: { name: 'x' },
      progressToken: 0,
      traceparent: TRACE,
      tracestate: 'a=1',
      baggage: 'k=v',
    });
  });

  it('drops what is malformed instead of refusing the request', () => {
    expect(readRequestMeta({})).toEqual(NO_META);
    expect(readRequestMeta({ _meta: [] })).toEqual(NO_META);
    const _meta = {
      [META_KEYS.clientCapabilities]: [],
      [META_KEYS.clientInfo]: 'x',
      progressToken: 1.5,
      traceparent: 'x',
      tracestate: 'a=1',
      baggage: 'k=v\r\nx: y',
    };
    expect(readRequestMeta({ _meta })).toEqual(NO_META);
    expect(
      readRequestMeta({ _meta: { progressToken: 'x'.repeat(257), baggage: 'b'.repeat(8_193) } }),
    ).toEqual(NO_META);
    expect(readRequestMeta({ _meta: { traceparent: TRACE, tracestate: 's'.repeat(513) } })).toMatchObject({
      tracestate: undefined,
    });
  });
});
