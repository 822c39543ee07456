import { describe, expect, it } from 'vitest';
import { makeCall, makeTarget, OK } from './fixtures/make-call.ts';
import type { Guardrail, GuardrailName } from './guardrail.ts';
import { refused, type Outcome } from './outcome.ts';
import { createRunner, type FailurePlace } from './run-pipeline.ts';

interface Recorded {
  log: string[];
  errors: { error: unknown; place: FailurePlace }[];
  run: ReturnType<typeof createRunner>;
}

type Layer = Partial<Guardrail> & { name: GuardrailName };

/** Three layers that write down when they are entered and left. */
function runnerWith(...overrides: Layer[]): Recorded {
  const log: string[] = [];
  const errors: Recorded['errors'] = [];
  const names: GuardrailName[] = ['audit', 'authorize', 'breaker'];
  const guardrails = names.map((name): Guardrail => {
    const override = overrides.find((layer) => layer.name === name);
    return {
      name,
      enter(call) {
        log.push(`enter ${name}`);
        return override?.enter?.(call);
      },
      exit(call, outcome) {
        log.push(`exit ${name} ${outcome.kind}`);
        return override?.exit?.(call, outcome) ?? outcome;
      },
    };
  });
  const run = createRunner(guardrails, {
    onInternalError: (error, _call, place) => errors.push({ error, place }),
  });
  return { log, errors, run };
}

describe('createRunner', () => {
  it('enters outermost first, invokes once, and leaves innermost first', async () => {
    const { log, run } = runnerWith();
    let invoked = 0;
    const call = makeCall({
      target: makeTarget({
        invoke: () => {
          invoked += 1;
          log.push('invoke');
          return Promise.resolve(OK);
        },
      }),
    });
    expect(await run(call)).toBe(OK);
    expect(invoked).toBe(1);
    expect(log).toEqual([
      'enter audit',
      'enter authorize',
      'enter breaker',
      'invoke',
      'exit breaker ok',
      'exit authorize ok',
      'exit audit ok',
    ]);
  });

  it('leaves only the layers that let the call pass when one refuses', async () => {
    const { log, run } = runnerWith({ name: 'authorize', enter: () => ({ code: 'tool_not_found' }) });
    expect(await run(makeCall())).toEqual(refused({ code: 'tool_not_found' }));
    expect(log).toEqual(['enter audit', 'enter authorize', 'exit audit refused']);
  });

  it('awaits a layer that answers with a promise', async () => {
    const { log, run } = runnerWith({ name: 'authorize', enter: () => Promise.resolve(undefined) });
    expect(await run(makeCall())).toBe(OK);
    expect(log.filter((line) => line.startsWith('exit'))).toHaveLength(3);
  });

  it.each([
    [
      'throws',
      (): never => {
        throw new Error('a secret path');
      },
    ],
    ['rejects', (): Promise<never> => Promise.reject(new Error('a secret path'))],
  ])('turns a layer that %s into internal, and tells nobody but the operator why', async (_how, enter) => {
    const { log, errors, run } = runnerWith({ name: 'breaker', enter });
    const outcome = await run(makeCall());
    expect(outcome).toEqual(refused({ code: 'internal' }));
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(errors).toEqual([{ error: new Error('a secret path'), place: 'breaker' }]);
    expect(log.filter((line) => line.startsWith('exit'))).toEqual([
      'exit authorize refused',
      'exit audit refused',
    ]);
  });

  it.each([
    [
      'throws',
      (): never => {
        throw new Error('broken');
      },
    ],
    ['rejects', (): Promise<never> => Promise.reject(new Error('broken'))],
  ])('turns a target that %s into internal', async (_how, invoke) => {
    const { errors, run } = runnerWith();
    const call = makeCall({ target: makeTarget({ invoke }) });
    expect(await run(call)).toEqual(refused({ code: 'internal' }));
    expect(errors[0]?.place).toBe('target');
  });

  it('says that the effect is unknown when a dispatched target throws', async () => {
    const { run } = runnerWith({
      name: 'breaker',
      enter: (call) => {
        call.dispatched = true;
        return undefined;
      },
    });
    const call = makeCall({ target: makeTarget({ invoke: () => Promise.reject(new Error('broken')) }) });
    expect(await run(call)).toEqual({
      kind: 'failed',
      refusal: { code: 'internal', commitState: 'unknown' },
    });
  });

  it('still leaves the other layers when one throws on its way out', async () => {
    const { log, run } = runnerWith({
      name: 'breaker',
      exit: () => {
        throw new Error('broken');
      },
    });
    expect(await run(makeCall())).toEqual(refused({ code: 'internal' }));
    expect(log.slice(-2)).toEqual(['exit authorize refused', 'exit audit refused']);
  });

  it('answers even when the report of an error throws', async () => {
    const guardrail: Guardrail = {
      name: 'audit',
      enter: () => {
        throw new Error('broken');
      },
    };
    const run = createRunner([guardrail], {
      onInternalError: () => {
        throw new Error('the log is broken too');
      },
    });
    expect(await run(makeCall())).toEqual(refused({ code: 'internal' }));
  });

  it('lets a layer replace the outcome for those outside it', async () => {
    const replaced: Outcome = refused({ code: 'response_too_large' });
    const { log, run } = runnerWith({ name: 'breaker', exit: () => replaced });
    expect(await run(makeCall())).toBe(replaced);
    expect(log.slice(-3)).toEqual(['exit breaker ok', 'exit authorize refused', 'exit audit refused']);
  });

  it('reads the target late enough that a layer can set it', async () => {
    const { run } = runnerWith({
      name: 'authorize',
      enter: (call) => {
        call.setTarget(makeTarget());
        return undefined;
      },
    });
    expect(await run(makeCall({ target: null }))).toBe(OK);
  });
});

describe('an aborted call', () => {
  it.each([
    ['caller', { kind: 'cancelled' }],
    ['deadline', { kind: 'failed', refusal: { code: 'timeout' } }],
    ['drain', { kind: 'refused', refusal: { code: 'shutting_down' } }],
  ] as const)(
    'stops after a wait when the cause is %s, and gives back what it took',
    async (cause, expected) => {
      let invoked = false;
      const { log, run } = runnerWith({
        name: 'authorize',
        enter: async (call) => {
          await Promise.resolve();
          call.abort(cause);
          return undefined;
        },
      });
      const invoke = (): Promise<Outcome> => {
        invoked = true;
        return Promise.resolve(OK);
      };
      expect(await run(makeCall({ target: makeTarget({ invoke }) }))).toEqual(expected);
      expect(invoked).toBe(false);
      expect(log).toEqual([
        'enter audit',
        'enter authorize',
        `exit authorize ${expected.kind}`,
        `exit audit ${expected.kind}`,
      ]);
    },
  );

  it('reports its abort rather than the refusal that the abort provoked, and leaves nothing twice', async () => {
    const { log, run } = runnerWith({
      name: 'breaker',
      enter: async (call) => {
        await Promise.resolve();
        call.abort('caller');
        return { code: 'concurrency_limited' };
      },
    });
    expect(await run(makeCall())).toEqual({ kind: 'cancelled' });
    expect(log).not.toContain('exit breaker cancelled');
  });

  it('is not dispatched when it was aborted before anyone waited', async () => {
    const { run } = runnerWith();
    const call = makeCall({ target: makeTarget({ invoke: () => Promise.reject(new Error('was invoked')) }) });
    call.abort('caller');
    expect(await run(call)).toEqual({ kind: 'cancelled' });
  });

  async function runAbortedInTarget(
    cause: 'caller' | 'deadline' | 'drain',
    answer: Outcome,
  ): Promise<Outcome> {
    const { run } = runnerWith();
    const call = makeCall({
      target: makeTarget({
        invoke: (running) => {
          running.dispatched = true;
          running.abort(cause);
          return Promise.resolve(answer);
        },
      }),
    });
    return await run(call);
  }

  const broken: Outcome = { kind: 'failed', refusal: { code: 'upstream_unreachable' } };

  it('says that the effect is unknown once it was dispatched', async () => {
    expect(await runAbortedInTarget('deadline', broken)).toEqual({
      kind: 'failed',
      refusal: { code: 'timeout', commitState: 'unknown' },
    });
    expect(await runAbortedInTarget('drain', broken)).toEqual({
      kind: 'failed',
      refusal: { code: 'shutting_down', commitState: 'unknown' },
    });
    expect(await runAbortedInTarget('caller', broken)).toEqual({ kind: 'cancelled' });
  });

  it('keeps an answer that came with the deadline, but not one to a caller who has left', async () => {
    expect(await runAbortedInTarget('deadline', OK)).toBe(OK);
    expect(await runAbortedInTarget('drain', OK)).toBe(OK);
    expect(await runAbortedInTarget('caller', OK)).toEqual({ kind: 'cancelled' });
  });
});
