import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../src/pipeline/index.ts';
import { WIRE_CODES } from '../../src/protocol/index.ts';

/** The numbers of JSON-RPC 2.0 and MCP, written out: clients of every language have them in their code. */
const PINNED = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  headerMismatch: -32_020,
  missingRequiredClientCapability: -32_021,
  unsupportedProtocolVersion: -32_022,
  legacyResourceNotFound: -32_002,
  legacyUrlElicitationRequired: -32_042,
};

describe('the codes on the wire', () => {
  it('are these', () => {
    expect(WIRE_CODES).toEqual(PINNED);
  });

  it('in the range that MCP reserves are the three of 2026-07-28 and the one that an earlier revision had', () => {
    const reserved = Object.values(WIRE_CODES).filter((code) => code >= -32_099 && code <= -32_020);
    expect(reserved.toSorted((a, b) => b - a)).toEqual([-32_020, -32_021, -32_022, -32_042]);
  });

  it('of our own refusals lie outside what JSON-RPC and MCP reserve, but for invalid params', () => {
    for (const { rpcCode } of Object.values(REFUSALS)) {
      if (rpcCode !== WIRE_CODES.invalidParams) expect(rpcCode < -32_768 || rpcCode > -32_000).toBe(true);
    }
  });
});
