import { describe, expect, it } from 'vitest';
import { scanResponse } from '../../protocol/index.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { TestSignal } from '../../../test/support/upstream/signals.ts';
import { Deadline } from './deadline.ts';
import { REFUSALS } from '../../pipeline/index.ts';
import { cleanText, outcomeOfMessage } from './map-message.ts';
import { createHopParams } from './session.ts';
import { SharedAttempt } from './shared-attempt.ts';

const client = { name: 'breakwater', version: '1' };

describe('createHopParams', () => {
  const legacy = { era: 'legacy', revision: '2025-11-25', capabilities: {} } as const;
  it('leaves legacy params without an envelope alone', () => {
    const params = { name: 'x' };
    expect(createHopParams(legacy, client)(params)).toBe(params);
  });
  it('never changes the params of the caller', () => {
    const params = { name: 'x', _meta: { progressToken: 1, tracestate: 't' } };
    const copy = structuredClone(params);
    expect(createHopParams(legacy, client)(params)).toEqual({ name: 'x', _meta: { tracestate: 't' } });
    createHopParams({ ...legacy, era: 'modern' }, client)(params);
    expect(params).toEqual(copy);
  });
});

describe('errors of an upstream', () => {
  function errorOf(error: object): unknown {
    const message = scanResponse(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, error })));
    if (message.kind !== 'error') throw new Error(message.kind);
    return outcomeOfMessage(message, 'resources/read');
  }

  it('are passed on with a text that cannot forge a line, and bounded', () => {
    expect(errorOf({ code: -31500, message: 'a\n\u001b[2Jb\u202ec', data: { hint: 1 } })).toEqual({
      kind: 'protocol_error',
      code: -31500,
      message: 'a\\u000a\\u001b[2Jb\\u202ec',
      data: { hint: 1 },
    });
    expect(cleanText('x'.repeat(5_000))).toHaveLength(1_001);
  });

  it('lose data that is larger than an explanation', () => {
    expect(errorOf({ code: -32602, message: 'm', data: 'x'.repeat(9_000) })).toEqual({
      kind: 'protocol_error',
      code: -32602,
      message: 'm',
    });
  });

  it('keep the URI of a missing resource and no other data', () => {
    expect(errorOf({ code: -32002, message: 'x', data: { uri: 'test://a', more: 1 } })).toEqual({
      kind: 'protocol_error',
      code: -32602,
      message: 'Resource not found',
      data: { uri: 'test://a' },
    });
  });

  it('that ask for a capability of the client say so, and do not speak against the upstream', () => {
    const outcome = errorOf({ code: -32021, message: 'x', data: { requiredCapabilities: { sampling: {} } } });
    expect(outcome).toEqual({ kind: 'failed', refusal: { code: 'input_required_unsupported' } });
    expect(REFUSALS.input_required_unsupported.breakerEffect).toBe('success');
  });

  it.each([-32020, -32022, -32050, -32099])('that speak about the hop (%i) are not passed on', (code) => {
    expect(errorOf({ code, message: 'x' })).toEqual({
      kind: 'failed',
      refusal: { code: 'upstream_error' },
    });
  });
  it.each([-32019, -32100, -32000, -32600, -32700, 0, 42])('of any other code (%i) are', (code) => {
    expect(errorOf({ code, message: 'x' })).toMatchObject({ kind: 'protocol_error', code });
  });
});

describe('SharedAttempt', () => {
  it('runs one attempt for all, keeps nothing of it, and lets callers leave', async () => {
    const attempt = new SharedAttempt<string>();
    let starts = 0;
    let finish: ((value: string) => void) | undefined;
    const begin = (): Promise<string> => {
      starts += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const leaving = new TestSignal();
    const staying = new TestSignal();
    const first = attempt.join(begin, leaving, () => 'left');
    const second = attempt.join(begin, staying, () => 'left');
    leaving.abort('caller');
    expect(await first).toBe('left');
    finish?.('done');
    expect(await second).toBe('done');
    expect(staying.hasListener).toBe(false);
    expect(starts).toBe(1);
    expect(await attempt.join(begin, leaving, () => 'left')).toBe('left');
    expect(starts).toBe(1);
    void attempt.join(begin, new TestSignal(), () => 'left');
    expect(starts).toBe(2);
  });
});

describe('Deadline', () => {
  it('aborts once at its time, and not after its release', () => {
    const clock = new TestClock();
    const deadline = new Deadline(clock, 100);
    let calls = 0;
    deadline.onAbort(() => {
      calls += 1;
    });
    clock.advance(99);
    expect(deadline.abortCause).toBeUndefined();
    clock.advance(1);
    expect([calls, deadline.aborted, deadline.abortCause]).toEqual([1, true, 'deadline']);
    const released = new Deadline(clock, 100);
    released.release();
    clock.advance(200);
    expect(released.aborted).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});
