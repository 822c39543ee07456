import { describe, expect, it } from 'vitest';
import type { AuthenticationResult } from '../../tenancy/principal.ts';
import { makeCall, makePrincipal, OK } from '../fixtures/make-call.ts';
import { refused } from '../outcome.ts';
import { createRunner } from '../run-pipeline.ts';
import { createAuthenticateGuardrail } from './authenticate.ts';

function answering(result: AuthenticationResult | Promise<AuthenticationResult>) {
  return createAuthenticateGuardrail({ authenticate: () => result });
}

describe('authenticate', () => {
  const principal = makePrincipal();

  it('sets the principal without waiting when the answer is at hand', () => {
    const call = makeCall({ principal: null });
    expect(answering({ ok: true, principal }).enter(call)).toBeUndefined();
    expect(call.principal).toBe(principal);
  });

  it('sets the principal after a look-up', async () => {
    const call = makeCall({ principal: null });
    expect(await answering(Promise.resolve({ ok: true, principal })).enter(call)).toBeUndefined();
    expect(call.principal).toBe(principal);
  });

  it.each(['unauthorized', 'token_revoked', 'token_expired'] as const)(
    'refuses %s and establishes nobody',
    (failure) => {
      const call = makeCall({ principal: null });
      expect(answering({ ok: false, failure, projectId: 'p', tokenId: 't' }).enter(call)).toEqual({
        code: failure,
      });
      expect(call.principalIfKnown).toBeUndefined();
      expect([call.refusedProjectId, call.refusedTokenId]).toEqual(['p', 't']);
    },
  );

  it('never lets a call pass when the token store cannot be asked', async () => {
    const errors: unknown[] = [];
    const run = createRunner([answering(Promise.reject(new Error('connection refused')))], {
      onInternalError: (error) => errors.push(error),
    });
    const call = makeCall({ principal: null });
    expect(await run(call)).toEqual(refused({ code: 'internal' }));
    expect(call.principalIfKnown).toBeUndefined();
    expect(errors).toHaveLength(1);
  });

  it('passes the credential as it came', () => {
    const seen: unknown[] = [];
    const guardrail = createAuthenticateGuardrail({
      authenticate: (credential) => {
        seen.push(credential);
        return { ok: true, principal };
      },
    });
    const call = makeCall({ principal: null, request: { credential: { kind: 'none' } } });
    expect(guardrail.enter(call)).toBeUndefined();
    expect(seen).toEqual([{ kind: 'none' }]);
    expect(guardrail.exit?.(call, OK) ?? OK).toBe(OK);
  });
});
