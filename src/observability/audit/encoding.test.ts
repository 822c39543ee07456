import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLine, encodeIntent, encodeRecord } from './encoding.ts';
import { intentOf, recordOf } from './fixtures.ts';
import type { AuditOutcomeKind, AuditRecord, AuditStatus } from './record.ts';

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  fc.constantFrom('a"b', '\\', '\n{"k":"r"}\n', '\0', '\ud800', 'x'.repeat(512)),
);
const maybe = fc.option(text, { nil: undefined });
const record: fc.Arbitrary<AuditRecord> = fc.record({
  callId: fc.uuid(),
  projectId: maybe,
  tokenId: maybe,
  method: text,
  subject: maybe,
  upstream: maybe,
  remoteName: maybe,
  revision: text,
  transport: fc.constantFrom('http', 'stdio'),
  requestBytes: fc.nat(),
  argumentsHash: maybe,
  startedAtMs: fc.nat({ max: 4_000_000_000_000 }),
  traceId: maybe,
  status: fc.constantFrom<AuditStatus>('success', 'error', 'timeout', 'auth_failure'),
  code: maybe,
  kind: fc.constantFrom<AuditOutcomeKind>('ok', 'tool_error', 'refused', 'failed', 'abandoned'),
  commitState: maybe,
  responseBytes: fc.nat(),
  durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
});

describe('the line of a record', () => {
  it('reads back as it was written, whatever a caller put into a name', () => {
    fc.assert(
      fc.property(record, (original) => {
        const line = encodeRecord(original);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        // -0 has no other meaning here than 0.
        expect(decodeLine(line)).toEqual({
          kind: 'record',
          record: { ...original, durationMs: original.durationMs + 0 },
        });
      }),
    );
  });

  it('stays short when a name is a megabyte long', () => {
    const line = encodeRecord(
      recordOf('c', { subject: '\u0001'.repeat(1_000_000), upstream: 'x'.repeat(1_000_000) }),
    );
    expect(line.length).toBeLessThan(5_000);
    expect(decodeLine(line)).toMatchObject({ record: { upstream: 'x'.repeat(512) } });
  });

  it('stays readable when a number is none', () => {
    const line = encodeRecord(
      recordOf('c', { durationMs: Number.NaN, responseBytes: Number.POSITIVE_INFINITY }),
    );
    expect(decodeLine(line)).toMatchObject({ record: { durationMs: 0, responseBytes: 0 } });
  });
});

describe('the line of an announcement', () => {
  it('reads back as it was written', () => {
    expect(decodeLine(encodeIntent(intentOf('c1')))).toEqual({ kind: 'intent', intent: intentOf('c1') });
  });
});

describe('decodeLine', () => {
  it('takes no part of a line for a whole one', () => {
    for (const line of [
      encodeIntent(intentOf('c1')),
      encodeRecord(recordOf('c1', { code: 'x', commitState: 'unknown' })),
    ]) {
      for (let end = 0; end < line.length - 1; end += 1)
        expect(decodeLine(line.slice(0, end))).toBeUndefined();
    }
  });

  it.each([
    'null',
    '[]',
    '1',
    '{}',
    '{"k":"r"}',
    encodeRecord(recordOf('c')).replace('"success"', '"great"'),
  ])('refuses %s', (line) => {
    expect(decodeLine(line)).toBeUndefined();
  });
});
