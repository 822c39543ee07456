import { describe, expect, it } from 'vitest';
import { flushPromises, TestClock } from '../testing/test-clock.ts';
import type { JsonObject } from '../platform/json.ts';
import type { Principal } from '../tenancy/principal.ts';
import { buildPipeline, type Pipeline } from './build-pipeline.ts';
import type { Call, CallClass } from './call.ts';
import { makeCall, makePrincipal, makeTarget, OK, type TargetOverrides } from './fixtures/make-call.ts';
import type { AuditFacts } from './guardrails/audit.ts';
import { TOOL_NOT_FOUND } from './guardrails/authorize.ts';
import { MemoryRateLimitStore } from './guardrails/rate-limit-store.ts';
import { failed, type Outcome, type Refusal } from './outcome.ts';

interface Harness {
  pipeline: Pipeline;
  clock: TestClock;
  /** What happened, in order. */
  log: string[];
  errors: unknown[];
  facts: AuditFacts[];
  run: (overrides?: { callClass?: CallClass; method?: string; args?: JsonObject }) => Promise<Outcome>;
  call: (callClass?: CallClass) => Call;
  principal: Principal;
  target: TargetOverrides;
  routerRefuses: Refusal | undefined;
  isAuthenticated: boolean;
  intent: () => undefined | Promise<void>;
}

function harness(): Harness {
  const clock = new TestClock();
  const log: string[] = [];
  const h: Harness = {
    clock,
    log,
    errors: [],
    facts: [],
    principal: makePrincipal(),
    target: {},
    routerRefuses: undefined,
    isAuthenticated: true,
    intent: () => undefined,
    call: (callClass = 'invoke') => makeCall({ callClass, principal: null, target: null }),
    run: ({ callClass = 'invoke', method = 'tools/call', args = {} } = {}) =>
      h.pipeline.run(
        makeCall({
          callClass,
          principal: null,
          target: null,
          request: { method, params: { arguments: args } },
        }),
      ),
    pipeline: buildPipeline({
      clock,
      audit: {
        intent: () => {
          log.push('intent');
          return h.intent();
        },
        finish: (_call, outcome, facts) => {
          log.push(`finish ${outcome.kind}`);
          h.facts.push(facts);
        },
      },
      authenticator: {
        authenticate: () => {
          log.push('authenticate');
          return h.isAuthenticated
            ? { ok: true, principal: h.principal }
            : { ok: false, failure: 'unauthorized' };
        },
      },
      authorize: { exposedToolName: ({ request }) => request.subject },
      router: {
        route: () => {
          log.push('route');
          if (h.routerRefuses !== undefined) return h.routerRefuses;
          return makeTarget({
            invoke: () => {
              log.push('invoke');
              return Promise.resolve(OK);
            },
            ...h.target,
          });
        },
      },
      rateLimit: {
        store: new MemoryRateLimitStore({ clock }),
        projectLimit: () => ({ calls: 5, windowMs: 60_000 }),
        controlLimit: { calls: 7, windowMs: 60_000 },
      },
      concurrency: {
        limits: () => ({ projectInFlight: 4, upstreamInFlight: 2, upstreamWaiting: 1, waitMs: 1_000 }),
      },
      breaker: { settings: () => ({ failures: 2, windowMs: 60_000, openMs: 60_000, probeSuccesses: 1 }) },
      onInternalError: (error) => h.errors.push(error),
    }),
  };
  return h;
}

function codeOf(outcome: Outcome): string {
  return outcome.kind === 'refused' || outcome.kind === 'failed' ? outcome.refusal.code : outcome.kind;
}

describe('a call', () => {
  it('passes every guardrail, is journalled right before it leaves, and recorded once', async () => {
    const h = harness();
    expect(await h.run()).toBe(OK);
    expect(h.log).toEqual(['authenticate', 'route', 'intent', 'invoke', 'finish ok']);
    expect(h.facts).toMatchObject([{ status: 'success', dispatched: true }]);
  });

  it.each<[string, (h: Harness) => void | Promise<void>, string, string[]]>([
    ['while draining', (h) => h.pipeline.admission.drain(), 'shutting_down', []],
    [
      'without a valid token',
      (h) => {
        h.isAuthenticated = false;
      },
      'unauthorized',
      ['authenticate'],
    ],
    [
      'without the scope',
      (h) => {
        h.principal = makePrincipal({ scopes: new Set(['tools:read']) });
      },
      'insufficient_scope',
      ['authenticate'],
    ],
    [
      'of a tool that the token may not see',
      (h) => {
        h.principal = makePrincipal({ toolAllowList: new Set() });
      },
      'tool_not_found',
      ['authenticate'],
    ],
    [
      'with wrong arguments',
      (h) => {
        h.target = { validateArguments: () => [{ path: '/a', expected: 'must be string' }] };
      },
      'invalid_arguments',
      ['authenticate', 'route'],
    ],
    [
      'that cannot be journalled',
      (h) => {
        h.intent = () => Promise.reject(new Error('disk full'));
      },
      'audit_unavailable',
      ['authenticate', 'route', 'intent'],
    ],
  ])('%s goes no further, and is recorded', async (_name, arrange, code, reached) => {
    const h = harness();
    await arrange(h);
    const outcome = await h.run();
    expect(codeOf(outcome)).toBe(code);
    expect(h.log).toEqual([...reached, 'finish refused']);
    expect(h.facts).toMatchObject([{ code, dispatched: false }]);
    expect(h.pipeline.admission.inFlight).toBe(0);
  });

  it('does not use up the allowance with a mistake in its arguments', async () => {
    const h = harness();
    h.target = { validateArguments: () => [{ path: '', expected: 'must be different' }] };
    for (let count = 0; count < 20; count += 1) await h.run();
    h.target = {};
    for (let count = 0; count < 5; count += 1) expect(await h.run()).toBe(OK);
    expect(codeOf(await h.run())).toBe('rate_limited');
  });

  it('that is over its rate neither waits for a slot nor touches the breaker', async () => {
    const h = harness();
    for (let count = 0; count < 5; count += 1) await h.run();
    for (let count = 0; count < 20; count += 1) expect(codeOf(await h.run())).toBe('rate_limited');
    expect(h.pipeline.breakers()).toEqual([]);
    expect(h.pipeline.slots('project-1')).toEqual({ inFlight: 0, waiting: 0 });
  });

  it('that fails opens the breaker, and then others are not dispatched', async () => {
    const h = harness();
    h.target = { invoke: () => Promise.resolve(failed({ code: 'upstream_unreachable' })) };
    await h.run();
    await h.run();
    expect(await h.run()).toEqual({
      kind: 'refused',
      refusal: { code: 'circuit_open', retryAfterMs: 60_000 },
    });
    expect(h.pipeline.breakers('project-1')).toMatchObject([{ state: 'open' }]);
    expect(h.log.filter((line) => line === 'intent')).toHaveLength(2);
  });

  it('that is never answered ends at its deadline and gives everything back', async () => {
    const h = harness();
    h.target = {
      limits: { timeoutMs: 3_000 },
      invoke: (call) =>
        new Promise((resolve) => {
          call.onAbort(() => {
            resolve(failed({ code: 'upstream_error' }));
          });
        }),
    };
    const outcome = h.run();
    await h.clock.advanceAsync(3_010);
    expect(await outcome).toEqual(failed({ code: 'timeout', commitState: 'unknown' }));
    expect(h.facts).toMatchObject([{ status: 'timeout', durationMs: 3_000, dispatched: true }]);
    expect(h.pipeline.slots('project-1').inFlight).toBe(0);
    expect(h.pipeline.breakers()).toMatchObject([{ failures: 1 }]);
  });

  it('that is too large counts neither for nor against the upstream', async () => {
    const h = harness();
    h.target = { limits: { responseBytesMax: 5 } };
    expect(codeOf(await h.run())).toBe('response_too_large');
    expect(h.pipeline.breakers()).toEqual([]);
  });

  it('that still runs when the time to drain is over is aborted', async () => {
    const h = harness();
    h.target = {
      invoke: (call) =>
        new Promise((resolve) => {
          call.onAbort(() => {
            resolve({ kind: 'cancelled' });
          });
        }),
    };
    const outcome = h.run();
    await flushPromises();
    h.pipeline.admission.drain();
    h.pipeline.admission.abortAll();
    expect(await outcome).toEqual(failed({ code: 'shutting_down', commitState: 'unknown' }));
    await h.pipeline.admission.whenIdle();
    h.pipeline.close();
    h.clock.advance(100_000);
    expect(h.clock.pendingTimers).toBe(0);
  });

  it('whose caller leaves is cancelled and recorded as such', async () => {
    const h = harness();
    h.target = {
      invoke: (call) =>
        new Promise((resolve) => {
          call.onAbort(() => {
            resolve({ kind: 'cancelled' });
          });
        }),
    };
    const call = h.call();
    const outcome = h.pipeline.run(call);
    await flushPromises();
    call.abort('caller');
    expect(await outcome).toEqual({ kind: 'cancelled' });
    expect(h.facts).toMatchObject([{ status: 'error', code: 'cancelled' }]);
    expect(h.pipeline.breakers()).toEqual([]);
  });
});

describe.each(['list', 'control'] as const)('a %s request', (callClass) => {
  it('is authenticated, routed, limited apart from calls, and journals nothing', async () => {
    const h = harness();
    for (let count = 0; count < 7; count += 1)
      expect(await h.run({ callClass, method: 'tools/list' })).toBe(OK);
    expect(h.log.slice(0, 3)).toEqual(['authenticate', 'route', 'invoke']);
    expect(h.log).not.toContain('intent');
    expect(h.facts).toEqual([]);
    expect(codeOf(await h.run({ callClass, method: 'tools/list' }))).toBe('rate_limited');
    expect(h.facts).toMatchObject([{ code: 'rate_limited' }]);
    expect(await h.run()).toBe(OK);
  });

  it('is refused without a token', async () => {
    const h = harness();
    h.isAuthenticated = false;
    expect(codeOf(await h.run({ callClass, method: 'ping' }))).toBe('unauthorized');
  });

  it('has a deadline too', async () => {
    const h = harness();
    h.target = {
      invoke: (call) =>
        new Promise((resolve) => {
          call.onAbort(() => {
            resolve(failed({ code: 'upstream_error' }));
          });
        }),
    };
    const outcome = h.run({ callClass, method: 'tools/list' });
    await h.clock.advanceAsync(10_010);
    expect(await outcome).toEqual(failed({ code: 'timeout' }));
  });
});

describe('a tool that does not exist and one that may not be seen', () => {
  it('are answered alike', async () => {
    const hidden = harness();
    hidden.principal = makePrincipal({ toolAllowList: new Set(['other']) });
    const missing = harness();
    missing.routerRefuses = TOOL_NOT_FOUND;
    expect(await missing.run()).toEqual({ kind: 'refused', refusal: { code: 'tool_not_found' } });
    expect(await hidden.run()).toEqual(await missing.run());
  });
});
