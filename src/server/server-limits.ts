import {
  BREAKER_FAILURES_DEFAULT,
  BREAKER_OPEN_MS_DEFAULT,
  BREAKER_PROBE_SUCCESSES_DEFAULT,
  BREAKER_WINDOW_MS_DEFAULT,
  DRAIN_MS_DEFAULT,
  DRAIN_MS_MAX,
  IN_FLIGHT_MAX,
  PROJECT_IN_FLIGHT_DEFAULT,
  RATE_CALLS_DEFAULT,
  RATE_CALLS_MAX,
  RATE_WINDOW_MS_DEFAULT,
  RATE_WINDOW_MS_MAX,
  RESPONSE_BYTES_MAX_CEILING,
  RESPONSE_BYTES_MAX_DEFAULT,
  TIMEOUT_MS_DEFAULT,
  TIMEOUT_MS_MAX,
  UPSTREAM_WAITING_DEFAULT,
  UPSTREAM_WAIT_MS_DEFAULT,
  WAITING_MAX,
  WAIT_MS_MAX,
} from '../platform/limits.ts';
import { assertLimit } from '../definitions/index.ts';
import type { BreakerSettings } from '../pipeline/index.ts';
import type { ServerLimits } from './server-options.ts';

/** The breaker of each tool: the gateway's, since a handler that hangs is no better than a server that does. */
export const BREAKER: BreakerSettings = {
  failures: BREAKER_FAILURES_DEFAULT,
  windowMs: BREAKER_WINDOW_MS_DEFAULT,
  openMs: BREAKER_OPEN_MS_DEFAULT,
  probeSuccesses: BREAKER_PROBE_SUCCESSES_DEFAULT,
};

const SUBJECT = 'limits';

/** Checks the limits of a server and fills in the defaults. Throws DefinitionError. */
export function resolveLimits(limits: ServerLimits = {}): Required<ServerLimits> {
  const rate = limits.rate ?? { calls: RATE_CALLS_DEFAULT, windowMs: RATE_WINDOW_MS_DEFAULT };
  const resolved: Required<ServerLimits> = {
    rate,
    timeoutMs: limits.timeoutMs ?? TIMEOUT_MS_DEFAULT,
    responseBytesMax: limits.responseBytesMax ?? RESPONSE_BYTES_MAX_DEFAULT,
    inFlight: limits.inFlight ?? PROJECT_IN_FLIGHT_DEFAULT,
    waiting: limits.waiting ?? UPSTREAM_WAITING_DEFAULT,
    waitMs: limits.waitMs ?? UPSTREAM_WAIT_MS_DEFAULT,
    drainMs: limits.drainMs ?? DRAIN_MS_DEFAULT,
  };
  assertLimit(rate.calls, RATE_CALLS_MAX, { subject: SUBJECT, name: 'rate.calls' });
  assertLimit(rate.windowMs, RATE_WINDOW_MS_MAX, { subject: SUBJECT, name: 'rate.windowMs' });
  const maxima = {
    timeoutMs: TIMEOUT_MS_MAX,
    responseBytesMax: RESPONSE_BYTES_MAX_CEILING,
    inFlight: IN_FLIGHT_MAX,
    waiting: WAITING_MAX,
    waitMs: WAIT_MS_MAX,
    drainMs: DRAIN_MS_MAX,
  } as const;
  for (const name of ['timeoutMs', 'responseBytesMax', 'inFlight', 'waiting', 'waitMs', 'drainMs'] as const) {
    assertLimit(resolved[name], maxima[name], { subject: SUBJECT, name });
  }
  return resolved;
}
