import { describe, expect, it } from 'vitest';
import { eraOf, isLegacyRevision, isModernRevision, negotiateLegacy, REVISIONS } from './revisions.ts';
import { WIRE_CODES } from './wire-codes.ts';

describe('revisions', () => {
  it('are these four, newest first', () => {
    expect(REVISIONS).toEqual(['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26']);
    expect([...REVISIONS].sort().reverse()).toEqual([...REVISIONS]);
  });

  it('belong to exactly one era each', () => {
    expect(REVISIONS.map(eraOf)).toEqual(['modern', 'legacy', 'legacy', 'legacy']);
    for (const revision of REVISIONS) expect(isModernRevision(revision)).toBe(!isLegacyRevision(revision));
  });

  it.each([
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2025-03-26'],
    ['2024-11-05', '2025-11-25'],
    ['2026-07-28', '2025-11-25'],
    ['', '2025-11-25'],
    [undefined, '2025-11-25'],
    [20250618, '2025-11-25'],
  ])('initialize with %j is answered with %s', (requested, answer) => {
    expect(negotiateLegacy(requested)).toBe(answer);
  });
});

describe('wire codes', () => {
  it('are pinned: clients match on the numbers', () => {
    expect(WIRE_CODES).toEqual({
      parseError: -32700,
      invalidRequest: -32600,
      methodNotFound: -32601,
      invalidParams: -32602,
      internalError: -32603,
      headerMismatch: -32020,
      missingRequiredClientCapability: -32021,
      unsupportedProtocolVersion: -32022,
      legacyResourceNotFound: -32002,
      legacyUrlElicitationRequired: -32042,
    });
  });
});
