import { type Credential, hashToken, parseToken } from '../../tenancy/index.ts';
import type { AdminErrorCode, AdminRoute } from '../contract/index.ts';
import type { AdminCall, AdminCaller, AdminPorts } from './admin-call.ts';

export type AdminAuthentication =
  | { readonly ok: true; readonly caller: AdminCaller }
  | { readonly ok: false; readonly code: AdminErrorCode };

const UNAUTHORIZED: AdminAuthentication = { ok: false, code: 'unauthorized' };

/**
 * Who sends a request. Every token that is not good answers the same: only
 * administrators are told whether one is mistyped, expired or revoked. An
 * operator's token is asked for in the database each time, so that its
 * revocation needs no notice.
 */
export async function authenticateAdmin(
  credential: Credential,
  ports: AdminPorts,
): Promise<AdminAuthentication> {
  if (credential.kind !== 'bearer') return UNAUTHORIZED;
  const parsed = parseToken(credential.token);
  if (!parsed.ok) return UNAUTHORIZED;
  if (parsed.environment === 'adm') {
    const digest = hashToken(ports.pepper, credential.token);
    const token = await ports.administration.findOperatorToken(digest, 'use');
    if (token === undefined || stateOf(token, ports.clock.nowMs()) !== 'active') return UNAUTHORIZED;
    return { ok: true, caller: { kind: 'operator', tokenId: token.id } };
  }
  const result = await ports.authenticator.authenticate(credential);
  if (!result.ok) return UNAUTHORIZED;
  const { scopes, tokenId, projectId } = result.principal;
  if (!scopes.has('admin')) return { ok: false, code: 'insufficient_scope' };
  return { ok: true, caller: { kind: 'project', tokenId, projectId } };
}

/**
 * Whether the caller may make this request; the code of the refusal otherwise.
 * An id of another project is refused before anything else is looked at, as
 * one that does not exist.
 */
export function refusalFor(
  caller: AdminCaller,
  route: AdminRoute,
  ids: AdminCall['ids'],
): AdminErrorCode | undefined {
  if (caller.kind === 'operator') return undefined;
  if (ids.project_id !== undefined && ids.project_id !== caller.projectId) return 'not_found';
  return route.access === 'operator' ? 'insufficient_scope' : undefined;
}

/** What a token is good for now. */
export function stateOf(
  token: { readonly expiresAtMs: number | undefined; readonly revokedAtMs: number | undefined },
  nowMs: number,
): 'active' | 'expired' | 'revoked' {
  if (token.revokedAtMs !== undefined) return 'revoked';
  return token.expiresAtMs !== undefined && token.expiresAtMs <= nowMs ? 'expired' : 'active';
}
