import { z } from 'zod';
import * as bounds from '../platform/limits.ts';

/** A rate limit as written in a file. */
export interface RateFile {
  calls: number;
  window_ms: number;
}

/** Limits of one server or one tool as written in a file. Absent members inherit. */
export interface NarrowLimitsFile {
  timeout_ms?: number | undefined;
  response_bytes_max?: number | undefined;
  rate?: RateFile | undefined;
}

/** The top-level `limits` with every default filled in. */
export interface LimitsFile {
  rate: RateFile;
  timeout_ms: number;
  response_bytes_max: number;
  concurrency: { per_upstream: number; waiting: number; wait_ms: number; per_project: number };
  breaker: { failures: number; window_ms: number; open_ms: number; probe_successes: number };
  drain_ms: number;
}

/** A limit: a positive integer with a ceiling, so that neither zero nor a huge number can mean "off". */
function limit(max: number, description: string): z.ZodInt {
  return z.int().min(1).max(max).describe(description);
}

const rateCalls = limit(bounds.RATE_CALLS_MAX, 'Calls admitted in any window of `window_ms`.');
const rateWindow = limit(bounds.RATE_WINDOW_MS_MAX, 'Length of the sliding window, in milliseconds.');
const timeout = limit(
  bounds.TIMEOUT_MS_MAX,
  'Total deadline of one call, in milliseconds. Progress does not extend it.',
);
const responseBytes = limit(
  bounds.RESPONSE_BYTES_MAX_CEILING,
  'Decoded bytes of one answer. A larger answer is refused, never cut.',
);

const rate = z.strictObject({
  calls: rateCalls.default(bounds.RATE_CALLS_DEFAULT),
  window_ms: rateWindow.default(bounds.RATE_WINDOW_MS_DEFAULT),
});

const concurrency = z.strictObject({
  per_upstream: limit(bounds.IN_FLIGHT_MAX, 'Calls in flight per project and upstream.').default(
    bounds.UPSTREAM_IN_FLIGHT_DEFAULT,
  ),
  waiting: limit(bounds.WAITING_MAX, 'Calls that may wait for a free slot per project and upstream.').default(
    bounds.UPSTREAM_WAITING_DEFAULT,
  ),
  wait_ms: limit(bounds.WAIT_MS_MAX, 'Longest wait for a free slot, in milliseconds.').default(
    bounds.UPSTREAM_WAIT_MS_DEFAULT,
  ),
  per_project: limit(bounds.IN_FLIGHT_MAX, 'Calls in flight per project, over all its upstreams.').default(
    bounds.PROJECT_IN_FLIGHT_DEFAULT,
  ),
});

const breaker = z.strictObject({
  failures: limit(
    bounds.BREAKER_FAILURES_MAX,
    'Counted failures within `window_ms` that open the circuit.',
  ).default(bounds.BREAKER_FAILURES_DEFAULT),
  window_ms: limit(bounds.BREAKER_WINDOW_MS_MAX, 'How long a failure counts, in milliseconds.').default(
    bounds.BREAKER_WINDOW_MS_DEFAULT,
  ),
  open_ms: limit(
    bounds.BREAKER_OPEN_MS_MAX,
    'How long an open circuit refuses calls before one probe is let through, in milliseconds.',
  ).default(bounds.BREAKER_OPEN_MS_DEFAULT),
  probe_successes: limit(
    bounds.BREAKER_PROBE_SUCCESSES_MAX,
    'Successful probes that close the circuit. One failed probe opens it again.',
  ).default(bounds.BREAKER_PROBE_SUCCESSES_DEFAULT),
});

/** Top-level `limits`: every member has a default, so an absent file is as guarded as a full one. */
export const limitsSchema: z.ZodType<LimitsFile> = z.strictObject({
  rate: rate.prefault({}).describe('Sliding-window rate limit of the project.'),
  timeout_ms: timeout.default(bounds.TIMEOUT_MS_DEFAULT),
  response_bytes_max: responseBytes.default(bounds.RESPONSE_BYTES_MAX_DEFAULT),
  concurrency: concurrency.prefault({}).describe('Calls at the same time.'),
  breaker: breaker.prefault({}).describe('Circuit breaker per project and upstream.'),
  drain_ms: limit(
    bounds.DRAIN_MS_MAX,
    'How long running calls may go on after a stop signal before they are cancelled, in milliseconds.',
  ).default(bounds.DRAIN_MS_DEFAULT),
});

/** `limits` of a server or a tool: what is absent is inherited from the next wider level. */
export const narrowLimitsSchema: z.ZodType<NarrowLimitsFile> = z.strictObject({
  timeout_ms: timeout.optional(),
  response_bytes_max: responseBytes.optional(),
  rate: z
    .strictObject({ calls: rateCalls, window_ms: rateWindow.default(bounds.RATE_WINDOW_MS_DEFAULT) })
    .optional()
    .describe('Sliding-window limit of each tool alone, beside the limit of the project.'),
});
