import { OVERLOADED_RETRY_MS } from '../../platform/limits.ts';
import type { Principal } from '../../tenancy/principal.ts';
import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Refusal } from '../outcome.ts';
import type { RateLimit } from '../target.ts';
import type { RateLimitCheck, RateLimitDecision, RateLimitStore } from './rate-limit-store.ts';

export interface RateLimitOptions {
  readonly store: RateLimitStore;
  /** The limit of a project, always one: the operator tunes it, nobody switches it off. */
  readonly projectLimit: (projectId: string) => RateLimit;
  /** A further limit of one token. */
  readonly tokenLimit?: (principal: Principal) => RateLimit | undefined;
  /** Lists and the handshake, per project, counted apart so that listing tools does not use up calls. */
  readonly controlLimit: RateLimit;
}

/** A check, and whom the message names as its owner. */
interface HeldCheck extends RateLimitCheck {
  readonly holder: 'project' | 'token' | 'tool';
}

/**
 * Counts the call against its project, and where set against its token and its
 * tool: against all of them or, when one denies, against none.
 */
export function createRateLimitGuardrail(options: RateLimitOptions): Guardrail {
  return {
    name: 'rate-limit',
    enter(call) {
      const checks = call.callClass === 'invoke' ? callChecks(call, options) : controlChecks(call, options);
      const decision = options.store.take(checks);
      if (decision instanceof Promise) {
        return decision.then((settled) => refusalFor(settled, checks, call));
      }
      return refusalFor(decision, checks, call);
    },
  };
}

/** Keys are joined with line feeds, which occur in no id and no upstream name; the remote name comes last. */
function callChecks(call: Call, options: RateLimitOptions): HeldCheck[] {
  const { principal, target } = call;
  const { projectId, tokenId } = principal;
  const checks: HeldCheck[] = [
    { holder: 'project', key: `p\n${projectId}`, limit: options.projectLimit(projectId) },
  ];
  const tokenLimit = options.tokenLimit?.(principal);
  if (tokenLimit !== undefined) {
    checks.push({ holder: 'token', key: `t\n${projectId}\n${tokenId}`, limit: tokenLimit });
  }
  const toolLimit = target.limits.rate;
  if (toolLimit !== undefined) {
    checks.push({
      holder: 'tool',
      key: `u\n${projectId}\n${target.upstream}\n${target.remoteName}`,
      limit: toolLimit,
    });
  }
  return checks;
}

function controlChecks(call: Call, options: RateLimitOptions): HeldCheck[] {
  return [{ holder: 'project', key: `c\n${call.principal.projectId}`, limit: options.controlLimit }];
}

function refusalFor(
  decision: RateLimitDecision,
  checks: readonly HeldCheck[],
  call: Call,
): Refusal | undefined {
  if (decision.admitted) return undefined;
  if (decision.check === undefined) return { code: 'overloaded', retryAfterMs: OVERLOADED_RETRY_MS };
  const denied = checks[decision.check];
  if (denied === undefined) throw new Error('the store names a check that was not asked');
  const { holder, limit } = denied;
  const requests = call.callClass === 'invoke' ? 'calls' : 'list and control requests';
  return {
    code: 'rate_limited',
    message: `This ${holder} allows ${limit.calls} ${requests} per ${limit.windowMs / 1_000} s. Wait and call again.`,
    retryAfterMs: decision.retryAfterMs,
  };
}
