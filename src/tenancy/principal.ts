/** What a token lets its bearer do. */
export type Scope = 'tools:call' | 'tools:read' | 'admin';

/** Whoever authenticated: one token of one project. Immutable. */
export interface Principal {
  readonly projectId: string;
  readonly tokenId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Exposed tool names this token may see and call; undefined: all of its project. */
  readonly toolAllowList: ReadonlySet<string> | undefined;
}

/** What a request carried to prove who sends it. */
export type Credential =
  | { readonly kind: 'bearer'; readonly token: string }
  /** The person at this machine: `breakwater stdio` was started by the client itself. */
  | { readonly kind: 'local' }
  | { readonly kind: 'none' };

export type AuthenticationFailure = 'unauthorized' | 'token_revoked' | 'token_expired';

/** What is known of a token that was refused, for the audit row. */
export interface RefusedToken {
  readonly failure: AuthenticationFailure;
  readonly projectId?: string;
  readonly tokenId?: string;
}

export type AuthenticationResult =
  | { readonly ok: true; readonly principal: Principal }
  | ({ readonly ok: false } & RefusedToken);

/**
 * Turns a credential into a principal. Answers synchronously when the token is
 * in its cache; rejects only when the token store cannot be asked.
 */
export interface Authenticator {
  authenticate(credential: Credential): AuthenticationResult | Promise<AuthenticationResult>;
}
