import { describe, expect, it } from 'vitest';
import { byScenario, type CellInput, evaluateCell, isGood } from './evaluate.ts';
import type { Status } from './suite.ts';

function cell(statuses: Readonly<Record<string, Status>>, rest: Partial<CellInput> = {}) {
  const results = new Map(
    Object.entries(statuses).map(([check, status]) => [check, { status, message: undefined }] as const),
  );
  return evaluateCell({
    target: 'gateway',
    revision: '2026-07-28',
    results,
    wanted: new Set(),
    expectations: [],
    ...rest,
  });
}

const expectations = [
  { targets: ['gateway'], revisions: ['2026-07-28'] as const, checks: ['tasks:a'], reason: 'not built' },
];

describe('a cell of the conformance matrix', () => {
  it('is good when every check has succeeded', () => {
    expect(isGood(cell({ 'ping:a': 'SUCCESS', 'ping:b': 'INFO' }))).toBe(true);
  });

  it.each(['SKIPPED', 'WARNING', 'FAILURE'] as const)('is not good with one %s', (status) => {
    expect(isGood(cell({ 'ping:a': 'SUCCESS', 'ping:b': status }))).toBe(false);
  });

  it('is not good when a check of the control did not run', () => {
    const report = cell({ 'ping:a': 'SUCCESS' }, { wanted: new Set(['ping:a', 'ping:b']) });
    expect(report.checks.find(({ check }) => check === 'ping:b')).toMatchObject({
      status: 'ABSENT',
      verdict: 'fail',
    });
    expect(isGood(report)).toBe(false);
  });

  it('is not good when nothing ran at all', () => {
    expect(isGood(cell({}))).toBe(false);
  });

  it('accepts a failure that is expected, and says why', () => {
    const report = cell({ 'tasks:a': 'FAILURE' }, { expectations });
    expect(report.checks).toEqual([
      { check: 'tasks:a', status: 'FAILURE', verdict: 'expected', note: 'not built' },
    ]);
    expect(isGood(report)).toBe(true);
  });

  it('is not good when something succeeds that is expected to fail', () => {
    const report = cell({ 'tasks:a': 'SUCCESS' }, { expectations });
    expect(report.stale).toEqual(['tasks:a']);
    expect(isGood(report)).toBe(false);
  });

  it('does not take an expectation of another target or revision', () => {
    expect(isGood(cell({ 'tasks:a': 'FAILURE' }, { expectations, target: 'library' }))).toBe(false);
    expect(isGood(cell({ 'tasks:a': 'FAILURE' }, { expectations, revision: '2025-11-25' }))).toBe(false);
  });

  it('shows the worst verdict of a scenario', () => {
    const report = cell(
      { 'tasks:a': 'FAILURE', 'tasks:b': 'SUCCESS', 'ping:a': 'SUCCESS', 'lost:a': 'SKIPPED' },
      { expectations },
    );
    expect([...byScenario(report)]).toEqual([
      ['lost', 'fail'],
      ['ping', 'pass'],
      ['tasks', 'expected'],
    ]);
  });
});
