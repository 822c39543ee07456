import type { CheckResult, Results, Revision, Status } from './suite.ts';
import type { TargetName } from './targets.ts';

/** Checks that are known not to succeed, and why. A check is `scenario:check-id` (of clients `scenario:check-id/name`). */
export interface Expectation {
  readonly targets: readonly string[];
  readonly revisions: readonly Revision[];
  readonly checks: readonly string[];
  readonly reason: string;
}

export type Verdict = 'pass' | 'expected' | 'fail';

export interface Judged {
  readonly check: string;
  readonly status: Status;
  readonly verdict: Verdict;
  /** Why it is expected, or what the suite said. */
  readonly note: string | undefined;
}

export interface CellReport {
  readonly target: string;
  readonly revision: Revision;
  readonly checks: readonly Judged[];
  /** Entries that name a check which succeeds, or which does not exist. */
  readonly stale: readonly string[];
}

export interface CellInput {
  readonly target: TargetName | 'client';
  readonly revision: Revision;
  readonly results: Results;
  /** Checks that have to be there: those that the control runs. A scenario that dies early must not look clean. */
  readonly wanted: ReadonlySet<string>;
  readonly expectations: readonly Expectation[];
}

const ABSENT: CheckResult = { status: 'ABSENT', message: 'the scenario ended before this check' };

/** Judges every check by itself: totals and exit codes of the suite say green for what never ran. */
export function evaluateCell({ target, revision, results, wanted, expectations }: CellInput): CellReport {
  const entries = expectations
    .filter((entry) => entry.targets.includes(target) && entry.revisions.includes(revision))
    .flatMap(({ checks, reason }) => checks.map((name) => ({ name, reason })));
  const used = new Set<string>();
  const checks = [...new Set([...wanted, ...results.keys()])].toSorted().map((check): Judged => {
    const { status, message } = results.get(check) ?? ABSENT;
    const isGood = status === 'SUCCESS' || status === 'INFO';
    if (isGood) return { check, status, verdict: 'pass', note: undefined };
    const entry = entries.find(({ name }) => name === check);
    if (entry === undefined) return { check, status, verdict: 'fail', note: message };
    used.add(entry.name);
    return { check, status, verdict: 'expected', note: entry.reason };
  });
  const stale = entries.map(({ name }) => name).filter((name) => !used.has(name));
  return { target, revision, checks, stale };
}

/** A cell is good when nothing failed that was not expected, and every expectation is still true. */
export function isGood({ checks, stale }: CellReport): boolean {
  return checks.length > 0 && stale.length === 0 && checks.every(({ verdict }) => verdict !== 'fail');
}

/** The worst verdict of each scenario, in the order of their names. */
export function byScenario({ checks }: CellReport): ReadonlyMap<string, Verdict> {
  const worst = new Map<string, Verdict>();
  for (const { check, verdict } of checks) {
    const scenario = check.slice(0, check.indexOf(':'));
    const known = worst.get(scenario) ?? 'pass';
    worst.set(scenario, known === 'fail' || verdict === 'pass' ? known : verdict);
  }
  return worst;
}
