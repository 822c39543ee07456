import type { Clock } from '../platform/clock.ts';
import {
  TABLE_KEYS_MAX,
  TOKEN_CACHE_MS_MAX,
  TOKEN_CACHE_REFUSED_MS_MAX,
  TOKEN_LOOKUPS_PENDING_MAX,
} from '../platform/limits.ts';
import type { AuthenticationResult, Authenticator, Credential, Principal, Scope } from './principal.ts';
import { hashToken, parseToken } from './token.ts';

/** What the store knows of one token. Instants are epoch milliseconds. */
export interface TokenRow {
  readonly tokenId: string;
  readonly projectId: string;
  /** As stored; words that are no scope are ignored. */
  readonly scopes: readonly string[];
  readonly toolAllowList: readonly string[] | undefined;
  readonly expiresAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
}

/** The token store, as far as authentication needs it. Rejects when it cannot be asked. */
export interface TokenLookup {
  lookup(tokenHash: Buffer): Promise<TokenRow | undefined>;
}

export interface AuthenticatorOptions {
  readonly lookup: TokenLookup;
  /** Key of the token digests, at least 32 bytes. */
  readonly pepper: Buffer;
  readonly clock: Clock;
  /** Accept `bw_test_` tokens. Default false: a token of a test set-up must not open production. */
  readonly allowTestTokens?: boolean;
  /** Whom `{kind: 'local'}` is. Default: nobody. */
  readonly localPrincipal?: Principal;
  /** Bounds of the two caches, by default and at most 30 s and 5 s. */
  readonly cacheMs?: number;
  readonly refusedCacheMs?: number;
  /** Entries per cache. Default `TABLE_KEYS_MAX`. */
  readonly cacheKeysMax?: number;
}

/** An authenticator whose cache follows notices of the token store. */
export interface CachingAuthenticator extends Authenticator {
  /** Forgets one token, or all of them: the store has changed it. Look-ups under way are not cached either. */
  invalidate(tokenId?: string): void;
}

interface CacheEntry {
  readonly tokenId: string | undefined;
  readonly result: AuthenticationResult;
  readonly expiresAtMs: number | undefined;
  readonly staleAtMonotonicMs: number;
}

/** A token that is looked up, and its digest as bytes and as a key of maps. */
interface Presented {
  readonly token: string;
  readonly key: string;
  readonly digest: Buffer;
}

const UNAUTHORIZED: AuthenticationResult = { ok: false, failure: 'unauthorized' };
const SCOPES: ReadonlySet<string> = new Set<Scope>(['tools:call', 'tools:read', 'admin']);

/**
 * Creates the authenticator of a process. Format and checksum are checked
 * first, so garbage never reaches the store; the store is asked once per token
 * and cache period, however many calls arrive at the same time.
 */
export function createAuthenticator(options: AuthenticatorOptions): CachingAuthenticator {
  if (options.pepper.length < 32) throw new RangeError('the token pepper has fewer than 32 bytes');
  return new TokenAuthenticator(options);
}

class TokenAuthenticator implements CachingAuthenticator {
  readonly #options: AuthenticatorOptions;
  readonly #cacheMs: number;
  readonly #refusedCacheMs: number;
  readonly #keysMax: number;
  /**
   * Accepted and refused apart: a flood of unknown tokens must not push out the
   * known ones. Accepted ones are found by the token itself, which saves the
   * digest of every call, 3 to 8 µs. A map look-up takes no constant time, but
   * what it could betray of 190 random bits, by a hash with a secret seed, is
   * nothing to guess them by. A token is held no longer than its answer.
   */
  readonly #accepted = new Map<string, CacheEntry>();
  /** By digest, like the look-ups: what is not a good token is not kept in clear. */
  readonly #refused = new Map<string, CacheEntry>();
  readonly #pending = new Map<string, Promise<AuthenticationResult>>();
  /** Counts invalidations, so that a look-up that began before one is not cached after it. */
  #generation = 0;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#cacheMs = Math.min(options.cacheMs ?? TOKEN_CACHE_MS_MAX, TOKEN_CACHE_MS_MAX);
    this.#refusedCacheMs = Math.min(
      options.refusedCacheMs ?? TOKEN_CACHE_REFUSED_MS_MAX,
      TOKEN_CACHE_REFUSED_MS_MAX,
    );
    this.#keysMax = options.cacheKeysMax ?? TABLE_KEYS_MAX;
  }

  authenticate(credential: Credential): AuthenticationResult | Promise<AuthenticationResult> {
    if (credential.kind === 'none') return UNAUTHORIZED;
    if (credential.kind === 'local') {
      const { localPrincipal } = this.#options;
      return localPrincipal === undefined ? UNAUTHORIZED : { ok: true, principal: localPrincipal };
    }
    const { token } = credential;
    const accepted = this.#fresh(this.#accepted, token);
    if (accepted !== undefined) return this.#checkExpiry(accepted);
    const parsed = parseToken(token);
    if (!parsed.ok) return UNAUTHORIZED;
    // An operator belongs to no project, so there is nothing that its token could call.
    if (parsed.environment === 'adm') return UNAUTHORIZED;
    if (parsed.environment === 'test' && this.#options.allowTestTokens !== true) return UNAUTHORIZED;

    const digest = hashToken(this.#options.pepper, token);
    const key = digest.toString('latin1');
    const refused = this.#fresh(this.#refused, key);
    if (refused !== undefined) return this.#checkExpiry(refused);
    return this.#pending.get(key) ?? this.#ask({ token, key, digest });
  }

  invalidate(tokenId?: string): void {
    this.#generation += 1;
    // A look-up that began before the notice may answer its own callers, but a
    // call that comes after the notice must ask again.
    this.#pending.clear();
    if (tokenId === undefined) {
      this.#accepted.clear();
      this.#refused.clear();
      return;
    }
    for (const cache of [this.#accepted, this.#refused]) {
      for (const [key, entry] of cache) if (entry.tokenId === tokenId) cache.delete(key);
    }
  }

  #fresh(cache: Map<string, CacheEntry>, key: string): CacheEntry | undefined {
    const entry = cache.get(key);
    if (entry === undefined) return undefined;
    if (this.#options.clock.monotonicMs() < entry.staleAtMonotonicMs) return entry;
    cache.delete(key);
    return undefined;
  }

  #ask(presented: Presented): Promise<AuthenticationResult> {
    const { key, digest } = presented;
    if (this.#pending.size >= TOKEN_LOOKUPS_PENDING_MAX) {
      return Promise.reject(new Error('too many token look-ups are under way'));
    }
    const generation = this.#generation;
    const pending = this.#options.lookup.lookup(digest).then((row) => {
      const entry = this.#entryOf(row);
      if (generation === this.#generation) this.#remember(presented, entry);
      return this.#checkExpiry(entry);
    });
    this.#pending.set(key, pending);
    const forget = (): void => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    };
    pending.then(forget, forget);
    return pending;
  }

  #entryOf(row: TokenRow | undefined): CacheEntry {
    const now = this.#options.clock.monotonicMs();
    if (row === undefined) {
      return {
        tokenId: undefined,
        result: UNAUTHORIZED,
        expiresAtMs: undefined,
        staleAtMonotonicMs: now + this.#refusedCacheMs,
      };
    }
    const { tokenId, projectId } = row;
    if (row.revokedAtMs !== undefined) {
      return {
        tokenId,
        result: { ok: false, failure: 'token_revoked', projectId, tokenId },
        expiresAtMs: undefined,
        staleAtMonotonicMs: now + this.#refusedCacheMs,
      };
    }
    const principal: Principal = {
      projectId,
      tokenId,
      scopes: new Set(row.scopes.filter((word): word is Scope => SCOPES.has(word))),
      toolAllowList: row.toolAllowList === undefined ? undefined : new Set(row.toolAllowList),
    };
    return {
      tokenId,
      result: { ok: true, principal },
      expiresAtMs: row.expiresAtMs,
      staleAtMonotonicMs: now + this.#cacheMs,
    };
  }

  #remember(presented: Presented, entry: CacheEntry): void {
    const cache = entry.result.ok ? this.#accepted : this.#refused;
    const key = entry.result.ok ? presented.token : presented.key;
    cache.delete(key);
    cache.set(key, entry);
    if (cache.size <= this.#keysMax) return;
    // A Map keeps the order of insertion: the first key is the oldest answer.
    for (const oldest of cache.keys()) {
      cache.delete(oldest);
      break;
    }
  }

  /** Expiry is looked at on every call: a cached token must not outlive its hour by the cache period. */
  #checkExpiry(entry: CacheEntry): AuthenticationResult {
    const { result, expiresAtMs } = entry;
    if (!result.ok || expiresAtMs === undefined || this.#options.clock.nowMs() < expiresAtMs) return result;
    const { projectId, tokenId } = result.principal;
    return { ok: false, failure: 'token_expired', projectId, tokenId };
  }
}
