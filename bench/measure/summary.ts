import type { TargetName } from '../options.ts';

/** One target at one number of connections in one round. */
export interface Cell {
  readonly target: TargetName;
  readonly connections: number;
  readonly round: number;
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU seconds of the target, its threads and children, per 10,000 calls. */
  readonly cpuPer10k: number;
  /** Cores that other processes of the machine used meanwhile. */
  readonly foreignCores: number;
  /** The first wrong answer. The row is void. */
  readonly problem: string | undefined;
}

/** Foreign load over this makes a round doubtful. */
export const FOREIGN_CORES_MAX = 0.1;

export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** All rounds of one target at one number of connections. */
export interface Row {
  readonly target: TargetName;
  readonly connections: number;
  /** Rounds that the figures rest on. */
  readonly rounds: number;
  /** True when no round was free of foreign load, so that all were used. */
  readonly isDisturbed: boolean;
  readonly callsPerSecond: Figure;
  readonly p50Ms: Figure;
  readonly p99Ms: Figure;
  readonly cpuPer10k: Figure;
  readonly problem: string | undefined;
}

/**
 * Rounds that foreign load disturbed are dropped when undisturbed ones are
 * left; otherwise all are used and the row is marked. One wrong answer in any
 * round voids the row: a target that is fast and wrong has no rate.
 */
export function summariseCells(cells: readonly Cell[]): Row[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = `${cell.target} ${cell.connections}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const quiet = group.filter((cell) => cell.foreignCores <= FOREIGN_CORES_MAX);
    const used = quiet.length > 0 ? quiet : group;
    return [
      {
        target: first.target,
        connections: first.connections,
        rounds: used.length,
        isDisturbed: quiet.length === 0,
        callsPerSecond: figure(used.map((cell) => cell.callsPerSecond)),
        p50Ms: figure(used.map((cell) => cell.p50Ms)),
        p99Ms: figure(used.map((cell) => cell.p99Ms)),
        cpuPer10k: figure(used.map((cell) => cell.cpuPer10k)),
        problem: group.find((cell) => cell.problem !== undefined)?.problem,
      },
    ];
  });
}

function figure(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 0;
  const high = sorted[Math.floor(middle)] ?? 0;
  return { median: (low + high) / 2, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** `a`'s figure as a multiple of `b`'s, or undefined when either row is void or missing. */
export function ratio(
  a: Row | undefined,
  b: Row | undefined,
  of: 'callsPerSecond' | 'cpuPer10k',
): number | undefined {
  if (a === undefined || b === undefined || a.problem !== undefined || b.problem !== undefined)
    return undefined;
  return b[of].median === 0 ? undefined : a[of].median / b[of].median;
}
