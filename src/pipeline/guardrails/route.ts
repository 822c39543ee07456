import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Refusal } from '../outcome.ts';
import type { Target } from '../target.ts';

/**
 * Finds the target of a call. Every call has one: lists and the handshake are
 * routed to local handlers, so that there is one way to do work.
 *
 * A tool that does not exist for this caller is `TOOL_NOT_FOUND`, unchanged.
 */
export interface Router {
  route(call: Call): Target | Refusal | Promise<Target | Refusal>;
}

/** Establishes where the call goes. */
export function createRouteGuardrail(router: Router): Guardrail {
  return {
    name: 'route',
    enter(call) {
      const routed = router.route(call);
      return routed instanceof Promise
        ? routed.then((settled) => accept(call, settled))
        : accept(call, routed);
    },
  };
}

function accept(call: Call, routed: Target | Refusal): Refusal | undefined {
  if (!('invoke' in routed)) return routed;
  call.setTarget(routed);
  return undefined;
}
