import { describe, expect, it } from 'vitest';
import { type Cell, ratio, summariseCells } from './summary.ts';

function cell(over: Partial<Cell>): Cell {
  return {
    target: 'breakwater',
    connections: 16,
    round: 0,
    calls: 100,
    callsPerSecond: 1000,
    p50Ms: 1,
    p99Ms: 2,
    cpuPer10k: 1,
    foreignCores: 0,
    problem: undefined,
    ...over,
  };
}

describe('summariseCells', () => {
  it('takes the median of the quiet rounds and leaves the disturbed ones out', () => {
    const rates = [1000, 3000, 2000];
    const cells = rates.map((callsPerSecond) => cell({ callsPerSecond }));
    const [row] = summariseCells([...cells, cell({ callsPerSecond: 9, foreignCores: 0.5 })]);
    expect(row).toMatchObject({
      rounds: 3,
      isDisturbed: false,
      callsPerSecond: { median: 2000, min: 1000, max: 3000 },
    });
  });

  it('averages the middle two of an even number of rounds', () => {
    const [row] = summariseCells([cell({ cpuPer10k: 1 }), cell({ cpuPer10k: 2 })]);
    expect(row?.cpuPer10k.median).toBe(1.5);
  });

  it('uses disturbed rounds only when there are no others, and says so', () => {
    const [row] = summariseCells([cell({ foreignCores: 0.5 }), cell({ foreignCores: 0.9 })]);
    expect(row).toMatchObject({ rounds: 2, isDisturbed: true });
  });

  it('voids a row for one wrong answer, also in a round that was dropped, and gives it no ratio', () => {
    const rows = summariseCells([
      cell({}),
      cell({ foreignCores: 0.5, problem: 'wrong text' }),
      cell({ target: 'sdk-proxy' }),
    ]);
    expect(rows[0]?.problem).toBe('wrong text');
    expect(ratio(rows[0], rows[1], 'callsPerSecond')).toBeUndefined();
  });
});
