import { createHmac, randomBytes } from 'node:crypto';
import { SERVER_TOKEN_CHARS_MIN, SERVER_TOKENS_MAX } from '../platform/limits.ts';
import { DefinitionError } from '../definitions/index.ts';
import type { AuthenticationResult, Authenticator, Credential, Principal, Scope } from '../tenancy/index.ts';
import type { AuthOption, ServerToken } from './server-options.ts';

/** Project of everything that names none: one local server has one. */
const DEFAULT_PROJECT = 'default';
const ALL_SCOPES: readonly Scope[] = ['tools:call', 'tools:read'];
const KNOWN_SCOPES: ReadonlySet<string> = new Set<Scope>(['tools:call', 'tools:read', 'admin']);

const LOCAL: AuthenticationResult = {
  ok: true,
  principal: {
    projectId: DEFAULT_PROJECT,
    tokenId: 'local',
    scopes: new Set(ALL_SCOPES),
    toolAllowList: undefined,
  },
};
const UNAUTHORIZED: AuthenticationResult = { ok: false, failure: 'unauthorized' };

/**
 * Authenticates against the tokens that the server was made with. The person
 * who started a stdio server needs none. Throws DefinitionError for tokens
 * that cannot protect anything.
 */
export function createMemoryAuthenticator(auth: AuthOption | undefined): Authenticator {
  const tokens = auth === undefined || auth === 'none' ? [] : auth.tokens;
  const isOpen = auth === 'none';
  // Digests under a key of this process: comparing them takes the same time wherever two tokens differ.
  const key = randomBytes(32);
  const digest = (token: string): string => createHmac('sha256', key).update(token).digest('base64');
  if (tokens.length > SERVER_TOKENS_MAX) {
    throw new DefinitionError(
      'auth',
      `has more than ${String(SERVER_TOKENS_MAX)} tokens; more belong into a database`,
    );
  }
  const known = new Map<string, AuthenticationResult>();
  for (const [index, token] of tokens.entries()) {
    const at = digest(checkedToken(token, index));
    if (known.has(at))
      throw new DefinitionError(`auth.tokens[${String(index)}]`, 'is the same token as an earlier one');
    known.set(at, { ok: true, principal: principalOf(token, index) });
  }
  return {
    authenticate(credential: Credential) {
      if (credential.kind === 'local') return LOCAL;
      if (isOpen) return LOCAL;
      if (credential.kind === 'none') return UNAUTHORIZED;
      return known.get(digest(credential.token)) ?? UNAUTHORIZED;
    },
  };
}

function checkedToken({ token }: ServerToken, index: number): string {
  const subject = `auth.tokens[${String(index)}]`;
  if (typeof token !== 'string' || token.length < SERVER_TOKEN_CHARS_MIN) {
    throw new DefinitionError(subject, `a token has at least ${String(SERVER_TOKEN_CHARS_MIN)} characters`);
  }
  // RFC 6750 §2.1: what does not fit into the header could never be sent.
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
    throw new DefinitionError(subject, 'has characters that no bearer token may have');
  return token;
}

function principalOf(token: ServerToken, index: number): Principal {
  const scopes = token.scopes ?? ALL_SCOPES;
  if (scopes.length === 0 || !scopes.every((scope) => KNOWN_SCOPES.has(scope))) {
    throw new DefinitionError(`auth.tokens[${String(index)}]`, 'has no scope, or one that does not exist');
  }
  return {
    projectId: token.project ?? DEFAULT_PROJECT,
    // Named by its place, so that the audit never holds a part of the token.
    tokenId: `token-${String(index + 1)}`,
    scopes: new Set(scopes),
    toolAllowList: token.tools === undefined ? undefined : new Set(token.tools),
  };
}
