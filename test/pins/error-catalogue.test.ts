import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderErrorReference } from '../../scripts/generate-error-reference.ts';
import { REFUSALS } from '../../src/pipeline/index.ts';

/**
 * Agents match on these codes and operators alert on them. A code may be
 * added; none is ever renamed, reused or removed, and what one means changes
 * only with a line in the changelog.
 */
const PINNED: Readonly<Record<string, string>> = {
  rate_limited: 'agent retryable error neutral -31001 200',
  concurrency_limited: 'agent retryable error neutral -31002 200',
  circuit_open: 'upstream_owner retryable error neutral -31003 200',
  timeout: 'upstream_owner retryable timeout failure -31004 200',
  upstream_unreachable: 'upstream_owner retryable error failure -31005 200',
  upstream_error: 'upstream_owner final error failure -31006 200',
  upstream_invalid_response: 'upstream_owner final error failure -31007 200',
  upstream_auth_failed: 'operator final auth_failure success -31008 200',
  upstream_redirect: 'operator final error failure -31009 200',
  upstream_rate_limited: 'agent retryable error neutral -31010 200',
  response_too_large: 'agent final error neutral -31011 200',
  input_required_unsupported: 'operator final error success -31012 200',
  invalid_arguments: 'agent final error neutral -32602 200',
  tool_not_found: 'agent final error neutral -32602 200',
  prompt_not_found: 'agent final error neutral -32602 200',
  resource_not_found: 'agent final error neutral -32602 200',
  endpoint_not_found: 'agent final error neutral -31025 404',
  tool_disabled: 'operator final error neutral -31013 200',
  tool_quarantined: 'operator final error neutral -31014 200',
  destination_blocked: 'operator final error neutral -31015 200',
  unauthorized: 'agent final auth_failure neutral -31016 401',
  token_revoked: 'operator final auth_failure neutral -31017 401',
  token_expired: 'operator final auth_failure neutral -31026 401',
  insufficient_scope: 'operator final auth_failure neutral -31018 403',
  job_not_found: 'agent final error neutral -32602 200',
  idempotency_conflict: 'agent final error neutral -31019 200',
  overloaded: 'agent retryable error neutral -31020 200',
  audit_unavailable: 'operator retryable error neutral -31021 200',
  shutting_down: 'agent retryable error neutral -31022 200',
  cancelled: 'agent final error neutral -31023 200',
  internal: 'operator final error neutral -31024 200',
};

const page = readFileSync(path.join(import.meta.dirname, '../../docs/reference/errors.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)];

describe('the catalogue of errors', () => {
  it('has exactly these codes, with these meanings', () => {
    const actual = Object.fromEntries(
      Object.entries(REFUSALS).map(([code, entry]) => [
        code,
        [
          entry.whoseMove,
          entry.retryable ? 'retryable' : 'final',
          entry.auditStatus,
          entry.breakerEffect,
          entry.rpcCode,
          entry.httpStatus,
        ].join(' '),
      ]),
    );
    expect(actual).toEqual(PINNED);
  });

  it('gives each code a JSON-RPC number of its own, or the one that the specification names', () => {
    const own = Object.values(REFUSALS)
      .map(({ rpcCode }) => rpcCode)
      .filter((code) => code !== -32_602);
    expect(new Set(own).size).toBe(own.length);
  });

  it('has a sentence for the agent and a hint for the page with each code', () => {
    for (const { message, hint } of Object.values(REFUSALS)) {
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(hint).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('docs/reference/errors.md', () => {
  it('is what the generator writes', () => {
    expect(page).toBe(renderErrorReference());
  });

  it('has a row for each code, and no other row', () => {
    expect(rows.map(([, code]) => code)).toEqual(Object.keys(REFUSALS));
  });

  it('says of each code what the catalogue says', () => {
    for (const [, code, cells] of rows) {
      const pinned = PINNED[String(code)] ?? '';
      const [, retryable, , auditStatus, breakerEffect, rpcCode, httpStatus] = String(cells).split(' | ');
      const [, isRetryable, ...rest] = pinned.split(' ');
      expect([
        retryable === 'yes' ? 'retryable' : 'final',
        auditStatus,
        breakerEffect,
        rpcCode,
        httpStatus,
      ]).toEqual([isRetryable, ...rest]);
    }
  });
});
