import type { Scope } from '../../tenancy/principal.ts';
import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Refusal } from '../outcome.ts';

/**
 * The refusal of a tool name that leads nowhere. The router answers with this
 * same object, so that a tool which a token may not see, one of another
 * project and one that does not exist cannot be told apart.
 */
export const TOOL_NOT_FOUND: Refusal = { code: 'tool_not_found' };

/** Methods that make something happen or hand out content; the others read definitions. */
const CALLING_METHODS: ReadonlySet<string> = new Set([
  'tools/call',
  'prompts/get',
  'resources/read',
  'completion/complete',
]);

const NEEDS_CALL: Refusal = { code: 'insufficient_scope', details: { required_scopes: ['tools:call'] } };
const NEEDS_READ: Refusal = { code: 'insufficient_scope', details: { required_scopes: ['tools:read'] } };

export interface AuthorizeOptions {
  /**
   * The exposed name of the tool that a `tools/call` names, which is what
   * allow-lists hold. On the endpoint of a single upstream callers use the
   * upstream's own names, and `read` there must not pass for an exposed tool
   * that happens to be called `read`. Undefined: no such tool.
   */
  readonly exposedToolName: (call: Call) => string | undefined;
}

/**
 * Decides by scope and by the token's tool allow-list. `admin` is for the
 * management API and includes no calls: a leaked dashboard token must not be
 * able to use the tools, so whoever wants both gives the token both.
 */
export function createAuthorizeGuardrail(options: AuthorizeOptions): Guardrail {
  return {
    name: 'authorize',
    enter(call) {
      const { principal, request } = call;
      const missing = missingScope(call, principal.scopes);
      if (missing !== undefined) return missing;
      if (request.method !== 'tools/call') return undefined;
      return mayCallTool(call, options) ? undefined : TOOL_NOT_FOUND;
    },
  };
}

function missingScope(call: Call, scopes: ReadonlySet<Scope>): Refusal | undefined {
  if (scopes.has('tools:call')) return undefined;
  if (call.callClass === 'invoke' || CALLING_METHODS.has(call.request.method)) return NEEDS_CALL;
  return scopes.has('tools:read') ? undefined : NEEDS_READ;
}

function mayCallTool(call: Call, options: AuthorizeOptions): boolean {
  const allowed = call.principal.toolAllowList;
  if (allowed === undefined) return true;
  const name = options.exposedToolName(call);
  return name !== undefined && allowed.has(name);
}
