import { describe, expect, it } from 'vitest';
import { IDEMPOTENCY_KEEP_MS } from '../../platform/limits.ts';
import type { Outcome } from '../../pipeline/index.ts';
import { TestClock } from '../../testing/index.ts';
import { MemoryIdempotencyStore } from './memory-store.ts';
import type { Claim, IdempotencyRequest } from './store.ts';

const DONE: Outcome = { kind: 'ok', result: { kind: 'value', value: { content: [] } } };

function request(overrides: Partial<IdempotencyRequest> = {}): IdempotencyRequest {
  return { projectId: 'p', tool: 't', key: 'k', argumentsHash: 'h', ...overrides };
}

function settle(claim: Claim, outcome: Outcome | undefined): void {
  if (claim.kind !== 'first') throw new Error(`expected a first claim, got ${claim.kind}`);
  claim.settle(outcome);
}

describe('idempotency keys in memory', () => {
  it('give the first outcome to the same arguments, and a conflict to others', async () => {
    const store = new MemoryIdempotencyStore({ clock: new TestClock() });
    settle(store.claim(request()), DONE);
    const same = store.claim(request());
    expect(same.kind === 'same' ? await same.outcome : undefined).toBe(DONE);
    expect(store.claim(request({ argumentsHash: 'other' }))).toEqual({ kind: 'conflict' });
  });

  it('let those that come meanwhile wait for the first', async () => {
    const store = new MemoryIdempotencyStore({ clock: new TestClock() });
    const first = store.claim(request());
    const second = store.claim(request());
    let got: Outcome | undefined;
    if (second.kind === 'same')
      void second.outcome.then((outcome) => {
        got = outcome;
      });
    await Promise.resolve();
    expect(got).toBeUndefined();
    settle(first, DONE);
    await Promise.resolve();
    expect(got).toBe(DONE);
  });

  it.each([
    ['project', { projectId: 'other' }],
    ['tool', { tool: 'other' }],
    ['key', { key: 'other' }],
  ])('of another %s are other keys, whatever characters are in them', (_name, other) => {
    const store = new MemoryIdempotencyStore({ clock: new TestClock() });
    settle(store.claim(request()), DONE);
    expect(store.claim(request(other)).kind).toBe('first');
    settle(store.claim(request({ tool: 'a","b', key: 'c' })), DONE);
    expect(store.claim(request({ tool: 'a', key: 'b","c' })).kind).toBe('first');
  });

  it('are kept for their whole time and not longer', () => {
    const clock = new TestClock();
    const store = new MemoryIdempotencyStore({ clock });
    settle(store.claim(request()), DONE);
    clock.advance(IDEMPOTENCY_KEEP_MS - 1);
    expect(store.claim(request()).kind).toBe('same');
    clock.advance(1);
    expect(store.claim(request()).kind).toBe('first');
    expect(store.size).toBe(1);
  });

  it('are free again when nothing took effect', async () => {
    const store = new MemoryIdempotencyStore({ clock: new TestClock() });
    const first = store.claim(request());
    const waiting = store.claim(request());
    settle(first, undefined);
    expect(waiting.kind === 'same' ? await waiting.outcome : DONE).toBeUndefined();
    expect(store.claim(request()).kind).toBe('first');
  });

  it('are refused at the bound, with the time until there is room, and never dropped early', () => {
    const clock = new TestClock();
    const store = new MemoryIdempotencyStore({ clock, projectKeysMax: 2 });
    settle(store.claim(request({ key: '1' })), DONE);
    clock.advance(1_000);
    settle(store.claim(request({ key: '2' })), DONE);
    expect(store.claim(request({ key: '3' }))).toEqual({
      kind: 'full',
      retryAfterMs: IDEMPOTENCY_KEEP_MS - 1_000,
    });
    expect(store.claim(request({ key: '1' })).kind).toBe('same');
    // The room of one project is not that of another.
    expect(store.claim(request({ projectId: 'other' })).kind).toBe('first');
  });

  it('count the bytes of their outcomes', () => {
    const store = new MemoryIdempotencyStore({ clock: new TestClock(), projectBytesMax: 10_000 });
    const large: Outcome = { kind: 'ok', result: { kind: 'value', value: { text: 'x'.repeat(10_000) } } };
    settle(store.claim(request({ key: '1' })), large);
    expect(store.claim(request({ key: '2' })).kind).toBe('full');
  });

  it('give their room back when they expire', () => {
    const clock = new TestClock();
    const store = new MemoryIdempotencyStore({ clock, keysMax: 2 });
    for (let round = 0; round < 3; round += 1) {
      settle(store.claim(request({ key: '1' })), DONE);
      settle(store.claim(request({ key: '2', projectId: 'q' })), DONE);
      expect(store.claim(request({ key: '3' })).kind).toBe('full');
      clock.advance(IDEMPOTENCY_KEEP_MS);
    }
    expect(store.claim(request({ key: '4' })).kind).toBe('first');
    expect(store.size).toBe(1);
  });
});
