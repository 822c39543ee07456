import type { Call, Outcome, Target } from '../pipeline/index.ts';
import { RESPONSE_BYTES_MAX_DEFAULT, TIMEOUT_MS_DEFAULT } from '../platform/limits.ts';

/** Name under which work of the gateway itself stands where an upstream's name would. */
export const LOCAL_UPSTREAM = 'breakwater';

/** A target that this process answers itself. */
export function localTarget(method: string, invoke: (call: Call) => Outcome | Promise<Outcome>): Target {
  return {
    upstream: LOCAL_UPSTREAM,
    configRevision: '0',
    remoteName: method,
    limits: { timeoutMs: TIMEOUT_MS_DEFAULT, responseBytesMax: RESPONSE_BYTES_MAX_DEFAULT, rate: undefined },
    isRetrySafe: true,
    validateArguments: undefined,
    invoke: async (call) => invoke(call),
  };
}
