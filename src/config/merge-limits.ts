import type { RateLimit, TargetLimits } from '../pipeline/target.ts';
import type { GatewayLimits } from './gateway-config.ts';
import type { LimitsFile, NarrowLimitsFile, RateFile } from './schema-limits.ts';

function toRate(rate: RateFile): RateLimit {
  return { calls: rate.calls, windowMs: rate.window_ms };
}

/** The project's limits in the words of the code. */
export function toGatewayLimits(file: LimitsFile): GatewayLimits {
  const { concurrency, breaker } = file;
  return {
    rate: toRate(file.rate),
    timeoutMs: file.timeout_ms,
    responseBytesMax: file.response_bytes_max,
    concurrency: {
      perUpstream: concurrency.per_upstream,
      waiting: concurrency.waiting,
      waitMs: concurrency.wait_ms,
      perProject: concurrency.per_project,
    },
    breaker: {
      failures: breaker.failures,
      windowMs: breaker.window_ms,
      openMs: breaker.open_ms,
      probeSuccesses: breaker.probe_successes,
    },
    drainMs: file.drain_ms,
  };
}

/** What a target has when neither its server nor its tool says otherwise; the project's rate is not a tool's. */
export function targetLimitsOf(limits: GatewayLimits): TargetLimits {
  return { timeoutMs: limits.timeoutMs, responseBytesMax: limits.responseBytesMax, rate: undefined };
}

/** The narrower level over the wider one, member by member. */
export function narrowLimits(wider: TargetLimits, narrower: NarrowLimitsFile | undefined): TargetLimits {
  return {
    timeoutMs: narrower?.timeout_ms ?? wider.timeoutMs,
    responseBytesMax: narrower?.response_bytes_max ?? wider.responseBytesMax,
    rate: narrower?.rate === undefined ? wider.rate : toRate(narrower.rate),
  };
}
