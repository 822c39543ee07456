import { describe, expect, it } from 'vitest';
import type { Scope } from '../../tenancy/principal.ts';
import { makeCall, makePrincipal } from '../fixtures/make-call.ts';
import { createAuthorizeGuardrail, TOOL_NOT_FOUND } from './authorize.ts';

const guardrail = createAuthorizeGuardrail({
  exposedToolName: ({ request }) =>
    request.endpoint === undefined ? request.subject : `${request.endpoint}__${request.subject}`,
});

const NEEDS_CALL = { code: 'insufficient_scope', details: { required_scopes: ['tools:call'] } };
const NEEDS_READ = { code: 'insufficient_scope', details: { required_scopes: ['tools:read'] } };

function enter(method: string, scopes: Scope[], callClass: 'invoke' | 'list' | 'control') {
  return guardrail.enter(
    makeCall({ callClass, request: { method }, principal: makePrincipal({ scopes: new Set(scopes) }) }),
  );
}

describe('authorize', () => {
  describe.each(['tools/call', 'prompts/get', 'resources/read', 'completion/complete', 'x/unknown'])(
    '%s',
    (method) => {
      it('needs tools:call', () => {
        expect(enter(method, ['tools:call'], 'invoke')).toBeUndefined();
        expect(enter(method, ['tools:read'], 'invoke')).toEqual(NEEDS_CALL);
        expect(enter(method, ['admin'], 'invoke')).toEqual(NEEDS_CALL);
        expect(enter(method, [], 'invoke')).toEqual(NEEDS_CALL);
      });
    },
  );

  it('needs tools:call for a method that calls, whatever class it was given', () => {
    expect(enter('resources/read', ['tools:read'], 'list')).toEqual(NEEDS_CALL);
  });

  describe.each([
    ['tools/list', 'list'],
    ['prompts/list', 'list'],
    ['resources/templates/list', 'list'],
    ['initialize', 'control'],
    ['server/discover', 'control'],
    ['ping', 'control'],
  ] as const)('%s', (method, callClass) => {
    it('needs tools:read or tools:call', () => {
      expect(enter(method, ['tools:read'], callClass)).toBeUndefined();
      expect(enter(method, ['tools:call'], callClass)).toBeUndefined();
      expect(enter(method, ['admin'], callClass)).toEqual(NEEDS_READ);
      expect(enter(method, [], callClass)).toEqual(NEEDS_READ);
    });
  });

  describe('the tool allow-list', () => {
    const principal = makePrincipal({ toolAllowList: new Set(['files__read', 'status']) });

    it('lets a listed tool pass, by its exposed name', () => {
      expect(guardrail.enter(makeCall({ principal }))).toBeUndefined();
      const onEndpoint = makeCall({ principal, request: { endpoint: 'files', subject: 'read' } });
      expect(guardrail.enter(onEndpoint)).toBeUndefined();
    });

    it('answers for an unlisted tool exactly as for one that does not exist', () => {
      const call = makeCall({ principal, request: { subject: 'files__write' } });
      expect(guardrail.enter(call)).toBe(TOOL_NOT_FOUND);
      expect(TOOL_NOT_FOUND).toEqual({ code: 'tool_not_found' });
    });

    it("is not satisfied by another upstream's tool of a listed name", () => {
      const call = makeCall({ principal, request: { endpoint: 'other', subject: 'status' } });
      expect(guardrail.enter(call)).toBe(TOOL_NOT_FOUND);
    });

    it('compares names byte by byte', () => {
      for (const subject of ['FILES__READ', 'files__read ', 'files__re\u0430d', undefined]) {
        expect(guardrail.enter(makeCall({ principal, request: { subject } }))).toBe(TOOL_NOT_FOUND);
      }
    });

    it('lets no tool pass when it is empty', () => {
      const nobody = makePrincipal({ toolAllowList: new Set() });
      expect(guardrail.enter(makeCall({ principal: nobody }))).toBe(TOOL_NOT_FOUND);
    });
  });
});
