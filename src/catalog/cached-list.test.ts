import { describe, expect, it } from 'vitest';
import { TestClock } from '../testing/index.ts';
import { CachedList, LIST_FRESH_MS, type FetchResult } from './cached-list.ts';

function setUp(): {
  clock: TestClock;
  list: CachedList<number>;
  state: { fetches: number; isDown: boolean };
} {
  const clock = new TestClock();
  const state = { fetches: 0, isDown: false };
  const fetch = (): Promise<FetchResult<number>> => {
    state.fetches += 1;
    return Promise.resolve(
      state.isDown
        ? { ok: false, outcome: { kind: 'failed', refusal: { code: 'upstream_unreachable' } } }
        : { ok: true, value: state.fetches },
    );
  };
  return { clock, list: new CachedList(fetch, clock), state };
}

describe('CachedList', () => {
  it('fetches once for all callers that ask at the same time', async () => {
    const { list, state } = setUp();
    await Promise.all([list.get(), list.get(), list.load()]);
    expect(state.fetches).toBe(1);
  });

  it('answers at once with the old value while it is renewed', async () => {
    const { clock, list, state } = setUp();
    await list.get();
    clock.advance(LIST_FRESH_MS);
    expect(list.get()).toEqual({ ok: true, value: 1 });
    await list.load();
    expect(state.fetches).toBe(2);
    expect(list.value).toBe(2);
  });

  it('keeps the last good value when the upstream goes away, and says that it is away', async () => {
    const { clock, list, state } = setUp();
    await list.get();
    state.isDown = true;
    clock.advance(LIST_FRESH_MS);
    void list.get();
    await list.load();
    expect(list.get()).toEqual({ ok: true, value: 1 });
    expect(list.failure).toMatchObject({ kind: 'failed' });
  });

  it('leaves a dead upstream alone for a while that doubles, and takes it back when it answers', async () => {
    const { clock, list, state } = setUp();
    state.isDown = true;
    await list.get();
    await list.get();
    expect(state.fetches).toBe(1);
    clock.advance(1_000);
    await list.get();
    expect(state.fetches).toBe(2);
    clock.advance(1_999);
    await list.get();
    expect(state.fetches).toBe(2);
    clock.advance(1);
    state.isDown = false;
    expect(await list.get()).toEqual({ ok: true, value: 3 });
    expect(list.failure).toBeUndefined();
  });

  it('asks again for a missing name at most every five seconds', async () => {
    const { clock, list } = setUp();
    expect(list.mayRefreshForMiss).toBe(true);
    await list.get();
    expect(list.mayRefreshForMiss).toBe(false);
    clock.advance(5_000);
    expect(list.mayRefreshForMiss).toBe(true);
  });
});
