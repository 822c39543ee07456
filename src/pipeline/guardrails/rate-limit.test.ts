import { describe, expect, it } from 'vitest';
import { TestClock } from '../../testing/test-clock.ts';
import type { Call } from '../call.ts';
import { makeCall, makePrincipal, makeTarget } from '../fixtures/make-call.ts';
import type { Refusal } from '../outcome.ts';
import type { RateLimit } from '../target.ts';
import { MemoryRateLimitStore } from './rate-limit-store.ts';
import { createRateLimitGuardrail } from './rate-limit.ts';

const MINUTE: RateLimit = { calls: 60, windowMs: 60_000 };

function setup(options: { tokenLimit?: RateLimit; projectLimit?: RateLimit; keysMax?: number } = {}) {
  const clock = new TestClock();
  const store = new MemoryRateLimitStore({ clock, ...(options.keysMax ? { keysMax: options.keysMax } : {}) });
  const guardrail = createRateLimitGuardrail({
    store,
    projectLimit: () => options.projectLimit ?? MINUTE,
    tokenLimit: () => options.tokenLimit,
    controlLimit: { calls: 600, windowMs: 60_000 },
  });
  const enter = (call: Call = makeCall()): Refusal | undefined =>
    guardrail.enter(call) as Refusal | undefined;
  return { clock, store, guardrail, enter };
}

describe('rate limit', () => {
  it('refuses the 61st call of a minute, and says when to come back', () => {
    const { clock, enter } = setup();
    for (let call = 0; call < 60; call += 1) expect(enter()).toBeUndefined();
    clock.advance(10_000);
    const refusal = {
      code: 'rate_limited',
      message: 'This project allows 60 calls per 60 s. Wait and call again.',
      retryAfterMs: 50_000,
    };
    expect(enter()).toEqual(refusal);
    clock.advance(49_999);
    expect(enter()).toEqual({ ...refusal, retryAfterMs: 1 });
    clock.advance(1);
    expect(enter()).toBeUndefined();
  });

  it('admits 60 and not 120 around the edge of a minute', () => {
    const { clock, enter } = setup();
    clock.advance(59_990);
    for (let call = 0; call < 60; call += 1) expect(enter()).toBeUndefined();
    clock.advance(20);
    for (let call = 0; call < 60; call += 1) expect(enter()).toMatchObject({ code: 'rate_limited' });
  });

  it('counts projects apart', () => {
    const { enter } = setup({ projectLimit: { calls: 1, windowMs: 1_000 } });
    expect(enter()).toBeUndefined();
    expect(enter()).toBeDefined();
    expect(enter(makeCall({ principal: makePrincipal({ projectId: 'project-2' }) }))).toBeUndefined();
  });

  it('counts against project, token and tool or against none of them', () => {
    const { clock, enter } = setup({
      projectLimit: { calls: 3, windowMs: 10_000 },
      tokenLimit: { calls: 2, windowMs: 1_000 },
    });
    const target = makeTarget({ limits: { rate: { calls: 1, windowMs: 500 } } });
    const other = makeTarget({ remoteName: 'write' });
    expect(enter(makeCall({ target }))).toBeUndefined();
    expect(enter(makeCall({ target }))).toEqual({
      code: 'rate_limited',
      message: 'This tool allows 1 calls per 0.5 s. Wait and call again.',
      retryAfterMs: 500,
    });
    expect(enter(makeCall({ target: other }))).toBeUndefined();
    expect(enter(makeCall({ target: other }))?.message).toBe(
      'This token allows 2 calls per 1 s. Wait and call again.',
    );
    clock.advance(1_000);
    expect(enter(makeCall({ target: other }))).toBeUndefined();
    expect(enter(makeCall({ target: other }))?.message).toBe(
      'This project allows 3 calls per 10 s. Wait and call again.',
    );
  });

  it('does not confuse the tools of two upstreams or two projects', () => {
    const { enter } = setup();
    const rate = { calls: 1, windowMs: 1_000 };
    const tools = [
      makeTarget({ upstream: 'a', remoteName: 'read', limits: { rate } }),
      makeTarget({ upstream: 'b', remoteName: 'read', limits: { rate } }),
      makeTarget({ upstream: 'a', remoteName: 'write', limits: { rate } }),
    ];
    for (const target of tools) expect(enter(makeCall({ target }))).toBeUndefined();
    const principal = makePrincipal({ projectId: 'project-2' });
    for (const target of tools) expect(enter(makeCall({ target, principal }))).toBeUndefined();
  });

  it('counts lists and the handshake apart from calls, against a limit of their own', () => {
    const { enter } = setup({ projectLimit: { calls: 1, windowMs: 60_000 } });
    const list = (): Call => makeCall({ callClass: 'list', request: { method: 'tools/list' }, target: null });
    expect(enter()).toBeUndefined();
    for (let count = 0; count < 600; count += 1) expect(enter(list())).toBeUndefined();
    expect(enter(list())).toMatchObject({
      code: 'rate_limited',
      message: 'This project allows 600 list and control requests per 60 s. Wait and call again.',
    });
    expect(enter(makeCall({ callClass: 'control', target: null }))).toBeDefined();
  });

  it('works with a store that has to be asked', async () => {
    const guardrail = createRateLimitGuardrail({
      store: { take: () => Promise.resolve({ admitted: false, check: 0, retryAfterMs: 7 }) },
      projectLimit: () => MINUTE,
      controlLimit: MINUTE,
    });
    expect(await guardrail.enter(makeCall())).toMatchObject({ code: 'rate_limited', retryAfterMs: 7 });
  });
});

describe('MemoryRateLimitStore', () => {
  const limit: RateLimit = { calls: 2, windowMs: 1_000 };

  it('makes room by forgetting idle keys, and refuses a new key rather than forgetting a busy one', () => {
    const clock = new TestClock();
    const store = new MemoryRateLimitStore({ clock, keysMax: 2 });
    store.take([{ key: 'a', limit }]);
    clock.advance(500);
    store.take([{ key: 'b', limit }]);
    expect(store.take([{ key: 'c', limit }])).toEqual({
      admitted: false,
      check: undefined,
      retryAfterMs: undefined,
    });
    clock.advance(500);
    expect(store.take([{ key: 'c', limit }])).toEqual({ admitted: true });
    expect(store.keys).toBe(2);
    store.take([{ key: 'b', limit }]);
    expect(store.take([{ key: 'b', limit }]).admitted).toBe(false);
  });

  it('counts nothing when one of several keys finds no room', () => {
    const clock = new TestClock();
    const store = new MemoryRateLimitStore({ clock, keysMax: 1 });
    const a = { key: 'a', limit };
    expect(store.take([a, { key: 'b', limit }]).admitted).toBe(false);
    expect([store.take([a]).admitted, store.take([a]).admitted, store.take([a]).admitted]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('refuses as overloaded when it has no room', () => {
    const { enter } = setup({ keysMax: 1 });
    expect(enter()).toBeUndefined();
    expect(enter(makeCall({ principal: makePrincipal({ projectId: 'project-2' }) }))).toEqual({
      code: 'overloaded',
      retryAfterMs: 1_000,
    });
  });

  it('applies a limit that is changed while calls are in its window', () => {
    const clock = new TestClock();
    const store = new MemoryRateLimitStore({ clock });
    const take = (calls: number) => store.take([{ key: 'a', limit: { calls, windowMs: 1_000 } }]);
    for (let count = 0; count < 10; count += 1) {
      expect(take(10).admitted).toBe(true);
      clock.advance(10);
    }
    // Entries at 0, 10 … 90. With a limit of 3 the one at 70 is in the way, and leaves the window at 1,070.
    expect(take(3)).toEqual({ admitted: false, check: 0, retryAfterMs: 970 });
    expect(take(11).admitted).toBe(true);
  });

  it.each([
    { calls: 0, windowMs: 1_000 },
    { calls: Number.NaN, windowMs: 1_000 },
    { calls: 1, windowMs: 0 },
    { calls: 1, windowMs: Number.POSITIVE_INFINITY },
    { calls: 1_000_000, windowMs: 1_000 },
  ])('takes no limit that would mean "unlimited" or unbounded memory: %o', (unsound) => {
    const store = new MemoryRateLimitStore({ clock: new TestClock() });
    expect(() => store.take([{ key: 'a', limit: unsound }])).toThrow(RangeError);
  });
});
