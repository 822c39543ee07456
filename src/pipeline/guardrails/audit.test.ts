import { describe, expect, it } from 'vitest';
import { TestClock } from '../../testing/test-clock.ts';
import type { CallClass } from '../call.ts';
import { makeCall, makeTarget, OK } from '../fixtures/make-call.ts';
import { failed, refused, type Outcome, type ResultBody } from '../outcome.ts';
import { REFUSALS, type RefusalCode } from '../refusals.ts';
import { createRunner } from '../run-pipeline.ts';
import { createAuditIntentGuardrail } from './audit-intent.ts';
import { createAuditGuardrail, type AuditFacts, type AuditSink } from './audit.ts';

class RecordingSink implements AuditSink {
  readonly begun: string[] = [];
  readonly finished: { outcome: Outcome; facts: AuditFacts }[] = [];
  onIntent: () => undefined | Promise<void> = () => undefined;

  begin(call: { request: { requestId: string } }): void {
    this.begun.push(call.request.requestId);
  }
  intent(): undefined | Promise<void> {
    return this.onIntent();
  }
  finish(_call: unknown, outcome: Outcome, facts: AuditFacts): void {
    this.finished.push({ outcome, facts });
  }
}

function setup() {
  const sink = new RecordingSink();
  const clock = new TestClock();
  const failures: unknown[] = [];
  const run = createRunner(
    [createAuditGuardrail(sink, clock), createAuditIntentGuardrail(sink, (error) => failures.push(error))],
    { onInternalError: (error) => failures.push(error) },
  );
  return { sink, clock, failures, run };
}

describe('audit', () => {
  it.each([
    [OK, 'success', undefined],
    [{ kind: 'tool_error', result: { kind: 'value', value: {} } }, 'error', 'tool_error'],
    [{ kind: 'protocol_error', code: -32_602, message: 'no' }, 'error', 'protocol_error'],
    [{ kind: 'cancelled' }, 'error', 'cancelled'],
    [failed({ code: 'timeout' }), 'timeout', 'timeout'],
    [failed({ code: 'upstream_auth_failed' }), 'auth_failure', 'upstream_auth_failed'],
    [refused({ code: 'unauthorized' }), 'auth_failure', 'unauthorized'],
    [refused({ code: 'rate_limited' }), 'error', 'rate_limited'],
  ] as const)('records %o once as %s', async (outcome, status, code) => {
    const { sink, clock, run } = setup();
    const call = makeCall({
      target: makeTarget({
        invoke: () => {
          clock.advance(25);
          return Promise.resolve(outcome);
        },
      }),
    });
    expect(await run(call)).toBe(outcome);
    expect(sink.begun).toEqual(['request-1']);
    expect(sink.finished).toHaveLength(1);
    expect(sink.finished[0]?.facts).toMatchObject({ status, code, durationMs: 25, dispatched: true });
  });

  it('counts every code as the catalogue says', () => {
    const { sink, clock } = setup();
    const guardrail = createAuditGuardrail(sink, clock);
    for (const code of Object.keys(REFUSALS) as RefusalCode[]) {
      guardrail.exit?.(makeCall(), refused({ code }));
      expect(sink.finished.at(-1)?.facts).toMatchObject({ status: REFUSALS[code].auditStatus, code });
    }
  });

  it('knows the size of a result that is sent as bytes and of one that is not', async () => {
    const bytes = Buffer.from('{"content":[]}');
    const results: ResultBody[] = [
      { kind: 'bytes', bytes, isEmpty: false, hasResultType: false, hasMeta: false },
      { kind: 'value', value: { content: [] } },
    ];
    for (const result of results) {
      const { sink, run } = setup();
      const outcome: Outcome = { kind: 'ok', result };
      await run(makeCall({ target: makeTarget({ invoke: () => Promise.resolve(outcome) }) }));
      expect(sink.finished[0]?.facts.responseBytes).toBe(14);
    }
  });

  it.each(['list', 'control'] as CallClass[])(
    'records of a %s call only refusals and failures',
    async (callClass) => {
      const { sink, clock } = setup();
      const guardrail = createAuditGuardrail(sink, clock);
      const call = makeCall({ callClass });
      expect(guardrail.enter(call)).toBeUndefined();
      expect(sink.begun).toEqual([]);
      guardrail.exit?.(call, OK);
      guardrail.exit?.(call, { kind: 'cancelled' });
      expect(sink.finished).toEqual([]);
      guardrail.exit?.(call, refused({ code: 'unauthorized' }));
      guardrail.exit?.(call, failed({ code: 'timeout' }));
      expect(sink.finished).toHaveLength(2);
    },
  );

  it('records what a layer further in throws', async () => {
    const { sink, run } = setup();
    await run(makeCall({ target: makeTarget({ invoke: () => Promise.reject(new Error('broken')) }) }));
    expect(sink.finished).toHaveLength(1);
    expect(sink.finished[0]?.facts).toMatchObject({ status: 'error', code: 'internal' });
  });
});

describe('audit-intent', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('dispatches nothing when the journal %s', async (_how, onIntent) => {
    const { sink, failures, run } = setup();
    sink.onIntent = onIntent;
    let invoked = false;
    const invoke = (): Promise<Outcome> => {
      invoked = true;
      return Promise.resolve(OK);
    };
    expect(await run(makeCall({ target: makeTarget({ invoke }) }))).toEqual(
      refused({ code: 'audit_unavailable' }),
    );
    expect(invoked).toBe(false);
    expect(failures).toEqual([new Error('disk full')]);
    expect(sink.finished[0]?.facts.dispatched).toBe(false);
  });

  it('dispatches only after the journal has the intent', async () => {
    const { sink, run } = setup();
    const order: string[] = [];
    sink.onIntent = async () => {
      await Promise.resolve();
      order.push('journalled');
    };
    const invoke = (): Promise<Outcome> => {
      order.push('invoked');
      return Promise.resolve(OK);
    };
    await run(makeCall({ target: makeTarget({ invoke }) }));
    expect(order).toEqual(['journalled', 'invoked']);
  });

  it('records a call that was aborted during the wait as not dispatched', async () => {
    const { sink, run } = setup();
    const call = makeCall();
    sink.onIntent = async () => {
      await Promise.resolve();
      call.abort('caller');
    };
    expect(await run(call)).toEqual({ kind: 'cancelled' });
    expect(sink.finished[0]?.facts.dispatched).toBe(false);
  });
});
