import type { AuthenticationFailure, AuthenticationResult, Authenticator } from '../../tenancy/principal.ts';
import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Refusal } from '../outcome.ts';

const REFUSAL_BY_FAILURE: Readonly<Record<AuthenticationFailure, Refusal>> = {
  unauthorized: { code: 'unauthorized' },
  token_revoked: { code: 'token_revoked' },
  token_expired: { code: 'token_expired' },
};

/**
 * Establishes who calls. There is no anonymous principal: a credential that is
 * missing or wrong is refused, and a token store that cannot be asked rejects,
 * which the runner turns into `internal`.
 */
export function createAuthenticateGuardrail(authenticator: Authenticator): Guardrail {
  return {
    name: 'authenticate',
    enter(call) {
      const result = authenticator.authenticate(call.request.credential);
      return result instanceof Promise
        ? result.then((settled) => accept(call, settled))
        : accept(call, result);
    },
  };
}

function accept(call: Call, result: AuthenticationResult): Refusal | undefined {
  if (result.ok) {
    call.setPrincipal(result.principal);
    return undefined;
  }
  // A recognised token that is refused still belongs to a project, whose audit log has to show it.
  call.refusedProjectId = result.projectId;
  call.refusedTokenId = result.tokenId;
  return REFUSAL_BY_FAILURE[result.failure];
}
