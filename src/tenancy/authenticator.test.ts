import { describe, expect, it } from 'vitest';
import { TestClock } from '../testing/test-clock.ts';
import { type AuthenticatorOptions, createAuthenticator, type TokenRow } from './authenticator.ts';
import type { AuthenticationResult, Credential, Principal } from './principal.ts';
import { createToken, hashToken } from './token.ts';

const pepper = Buffer.alloc(32, 7);

function row(changes: Partial<TokenRow> = {}): TokenRow {
  return {
    tokenId: 't1',
    projectId: 'p1',
    scopes: ['tools:call', 'no-such-scope'],
    toolAllowList: undefined,
    expiresAtMs: undefined,
    revokedAtMs: undefined,
    ...changes,
  };
}

/** A token store that counts its look-ups and answers when told to. */
class FakeStore {
  readonly rows = new Map<string, TokenRow>();
  lookups = 0;
  failure: Error | undefined;
  /** Set to hold look-ups back until the test releases them. */
  gate: Promise<void> | undefined;

  add(token: string, tokenRow: TokenRow = row()): void {
    this.rows.set(hashToken(pepper, token).toString('hex'), tokenRow);
  }
  async lookup(hash: Buffer): Promise<TokenRow | undefined> {
    this.lookups += 1;
    const found = this.rows.get(hash.toString('hex'));
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    return found;
  }
}

function setUp(options: Partial<AuthenticatorOptions> = {}) {
  const store = new FakeStore();
  const clock = new TestClock();
  const authenticator = createAuthenticator({ lookup: store, pepper, clock, ...options });
  const ask = (token: string): AuthenticationResult | Promise<AuthenticationResult> =>
    authenticator.authenticate({ kind: 'bearer', token });
  return { store, clock, authenticator, ask };
}

describe('authenticate', () => {
  it('turns a known token into its project, scopes and tools', async () => {
    const { store, ask } = setUp();
    const token = createToken();
    store.add(token, row({ toolAllowList: ['a', 'b'] }));
    expect(await ask(token)).toEqual({
      ok: true,
      principal: {
        projectId: 'p1',
        tokenId: 't1',
        scopes: new Set(['tools:call']),
        toolAllowList: new Set(['a', 'b']),
      },
    });
  });

  it('refuses no token, malformed tokens and test tokens without asking the store', () => {
    const { store, authenticator, ask } = setUp();
    const test = createToken('test');
    store.add(test);
    expect(authenticator.authenticate({ kind: 'none' })).toEqual({ ok: false, failure: 'unauthorized' });
    for (const token of ['', 'bw_live_x', 'x'.repeat(100_000), `${createToken().slice(0, -1)}!`, test]) {
      expect(ask(token)).toEqual({ ok: false, failure: 'unauthorized' });
    }
    expect(store.lookups).toBe(0);
  });

  it('accepts test tokens where the operator allows them', async () => {
    const { store, ask } = setUp({ allowTestTokens: true });
    const test = createToken('test');
    store.add(test);
    expect((await ask(test)).ok).toBe(true);
  });

  it('says whose token was revoked or has expired, for the audit', async () => {
    const { store, clock, ask } = setUp();
    const [revoked, expired] = [createToken(), createToken()];
    store.add(revoked, row({ revokedAtMs: 1 }));
    store.add(expired, row({ expiresAtMs: clock.nowMs() }));
    expect(await ask(revoked)).toEqual({
      ok: false,
      failure: 'token_revoked',
      projectId: 'p1',
      tokenId: 't1',
    });
    expect(await ask(expired)).toEqual({
      ok: false,
      failure: 'token_expired',
      projectId: 'p1',
      tokenId: 't1',
    });
  });

  it('answers a local credential only with the configured principal', () => {
    const local: Credential = { kind: 'local' };
    expect(setUp().authenticator.authenticate(local)).toEqual({ ok: false, failure: 'unauthorized' });
    const localPrincipal: Principal = {
      projectId: 'p',
      tokenId: 't',
      scopes: new Set(),
      toolAllowList: undefined,
    };
    expect(setUp({ localPrincipal }).authenticator.authenticate(local)).toEqual({
      ok: true,
      principal: localPrincipal,
    });
  });

  it('fails closed when the store cannot be asked, and does not remember the failure', async () => {
    const { store, ask } = setUp();
    const token = createToken();
    store.add(token);
    store.failure = new Error('database is away');
    await expect(ask(token)).rejects.toThrow('database is away');
    store.failure = undefined;
    expect((await ask(token)).ok).toBe(true);
  });

  it('refuses a pepper that is too short', () => {
    expect(() => setUp({ pepper: Buffer.alloc(31) })).toThrow(RangeError);
  });
});

describe('the cache', () => {
  it('answers at once for 30 seconds, then asks again', async () => {
    const { store, clock, ask } = setUp();
    const token = createToken();
    store.add(token);
    await ask(token);
    clock.advance(29_999);
    expect(ask(token)).not.toBeInstanceOf(Promise);
    expect(store.lookups).toBe(1);
    clock.advance(1);
    await ask(token);
    expect(store.lookups).toBe(2);
  });

  it('remembers unknown and revoked tokens for 5 seconds only', async () => {
    const { store, clock, ask } = setUp();
    const token = createToken();
    expect((await ask(token)).ok).toBe(false);
    store.add(token);
    clock.advance(4_999);
    expect((await ask(token)).ok).toBe(false);
    clock.advance(1);
    expect((await ask(token)).ok).toBe(true);
    expect(store.lookups).toBe(2);
  });

  it('cannot be configured to trust longer', async () => {
    const { store, clock, ask } = setUp({ cacheMs: 3_600_000, refusedCacheMs: 3_600_000 });
    const [known, unknown] = [createToken(), createToken()];
    store.add(known);
    await Promise.all([ask(known), ask(unknown)]);
    clock.advance(30_000);
    await Promise.all([ask(known), ask(unknown)]);
    expect(store.lookups).toBe(4);
  });

  it('refuses a cached token from the millisecond in which it expires', async () => {
    const { store, clock, ask } = setUp();
    const token = createToken();
    store.add(token, row({ expiresAtMs: clock.nowMs() + 1_000 }));
    expect((await ask(token)).ok).toBe(true);
    clock.advance(999);
    expect((await ask(token)).ok).toBe(true);
    clock.advance(1);
    expect(ask(token)).toMatchObject({ ok: false, failure: 'token_expired' });
    expect(store.lookups).toBe(1);
  });

  it('asks once for many calls at the same time', async () => {
    const { store, ask } = setUp();
    const token = createToken();
    store.add(token);
    const results = await Promise.all(Array.from({ length: 50 }, async () => await ask(token)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(store.lookups).toBe(1);
  });

  it('forgets a token when it is told to, and leaves the others', async () => {
    const { store, authenticator, ask } = setUp();
    const [first, second] = [createToken(), createToken()];
    store.add(first);
    store.add(second, row({ tokenId: 't2' }));
    await Promise.all([ask(first), ask(second)]);
    store.add(first, row({ revokedAtMs: 1 }));
    authenticator.invalidate('t1');
    expect(await ask(first)).toMatchObject({ failure: 'token_revoked' });
    expect(ask(second)).not.toBeInstanceOf(Promise);
    authenticator.invalidate();
    expect(ask(second)).toBeInstanceOf(Promise);
  });

  it('does not remember an answer that was read before a revocation and arrives after it', async () => {
    const { store, authenticator, ask } = setUp();
    const token = createToken();
    store.add(token);
    let release = (): void => {};
    store.gate = new Promise((resolve) => {
      release = resolve;
    });
    const early = ask(token);
    store.add(token, row({ revokedAtMs: 1 }));
    authenticator.invalidate('t1');
    const late = ask(token);
    release();
    expect((await early).ok).toBe(true);
    expect(await late).toMatchObject({ failure: 'token_revoked' });
    expect(await ask(token)).toMatchObject({ failure: 'token_revoked' });
  });

  it('stays within its bound, and unknown tokens do not push out known ones', async () => {
    const { store, ask } = setUp({ cacheKeysMax: 3 });
    const known = createToken();
    store.add(known);
    await ask(known);
    const unknown = Array.from({ length: 10 }, () => createToken());
    for (const token of unknown) await ask(token);
    expect(ask(known)).not.toBeInstanceOf(Promise);
    const before = store.lookups;
    for (const token of unknown.slice(-3)) await ask(token);
    expect(store.lookups).toBe(before);
    await ask(unknown[0] ?? '');
    expect(store.lookups).toBe(before + 1);
  });

  it('refuses further look-ups when a thousand are under way', async () => {
    const { store, ask } = setUp();
    let release = (): void => {};
    store.gate = new Promise((resolve) => {
      release = resolve;
    });
    const waiting = Array.from({ length: 1_000 }, async () => await ask(createToken()));
    await expect(ask(createToken())).rejects.toThrow('too many');
    release();
    await Promise.all(waiting);
  });
});
