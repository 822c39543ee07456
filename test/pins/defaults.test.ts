import { describe, expect, it } from 'vitest';
import * as limits from '../../src/platform/limits.ts';

/**
 * What is in force without any configuration. These numbers are in the
 * documentation and in the expectations of operators; a change is a change of
 * behaviour and needs a line in the changelog.
 */
const PINNED = {
  RATE_CALLS_DEFAULT: 60,
  RATE_WINDOW_MS_DEFAULT: 60_000,
  CONTROL_RATE_CALLS_DEFAULT: 600,
  BREAKER_FAILURES_DEFAULT: 5,
  BREAKER_WINDOW_MS_DEFAULT: 300_000,
  BREAKER_OPEN_MS_DEFAULT: 900_000,
  BREAKER_PROBE_SUCCESSES_DEFAULT: 3,
  BREAKER_PROBE_LEASE_MS: 60_000,
  TIMEOUT_MS_DEFAULT: 10_000,
  TIMEOUT_MS_MAX: 300_000,
  RESPONSE_BYTES_MAX_DEFAULT: 2_097_152,
  REQUEST_BODY_BYTES_MAX: 1_048_576,
  JSON_DEPTH_MAX: 64,
  JSON_NODES_MAX: 50_000,
  UPSTREAM_IN_FLIGHT_DEFAULT: 10,
  UPSTREAM_WAITING_DEFAULT: 10,
  UPSTREAM_WAIT_MS_DEFAULT: 1_000,
  PROJECT_IN_FLIGHT_DEFAULT: 20,
  PROCESS_IN_FLIGHT_DEFAULT: 100,
  DRAIN_MS_DEFAULT: 30_000,
  CONNECT_TIMEOUT_MS: 5_000,
} as const;

describe('the defaults', () => {
  it.each(Object.entries(PINNED))('%s is %d', (name, value) => {
    expect((limits as Readonly<Record<string, unknown>>)[name]).toBe(value);
  });
});

describe('every limit', () => {
  it('is a positive, finite number: nothing is unlimited', () => {
    const entries = Object.entries(limits);
    expect(entries.length).toBeGreaterThan(Object.keys(PINNED).length);
    for (const [name, value] of entries) {
      expect(Number.isFinite(value) && value > 0, `${name} is ${value}`).toBe(true);
    }
  });
});
