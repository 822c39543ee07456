import { describe, expect, it } from 'vitest';
import { REFUSALS, type RefusalCode } from '../../../src/pipeline/index.ts';
import type { TestProject } from '../in-process-gateway.ts';
import type { Observed } from './observation.ts';
import { CONTROL_TOOL, type Rig, succeed } from './rig.ts';
import { type BadInput, type BreakerEffect, casesOf, type Expectation } from './vectors.ts';

export interface Stage {
  readonly rig: Rig;
  readonly project: TestProject;
  readonly input: BadInput['input'];
}

/** How one case is carried out, and what it is answered, literally. */
export interface Trial {
  /** `<HTTP status> <JSON-RPC code, result or isError> <code of ours>`, as far as there is each. */
  readonly pin: string;
  /** Requests that reach the upstream. Default 0. */
  readonly hits?: number;
  /** Calls of other projects that the trial itself makes, and that are no part of the case. Default 0. */
  readonly otherHits?: number;
  /** Rows in the audit log, `status code`. Default: one for what was dispatched or refused by the pipeline. */
  readonly audit?: readonly string[];
  readonly breaker?: BreakerEffect;
  /** Whose breaker that is. Default `up`. */
  readonly upstream?: string;
  /** Why the answer is not what the catalogue expects. Must be there exactly when it is not. */
  readonly deviates?: string;
  /** Where one case has several inputs. */
  readonly label?: string;
  readonly run: (stage: Stage) => Promise<Observed>;
}

export interface Suite {
  /** Letters of the groups. */
  readonly groups: string;
  readonly rig: () => Rig;
  readonly stage: (rig: Rig) => Promise<TestProject>;
  readonly trials: Readonly<Record<string, Trial | readonly Trial[]>>;
  /** Cases about what does not exist yet, with the reason. */
  readonly notYet: Readonly<Record<string, string>>;
  /** Pinned, so that a case cannot fall out of the suite in silence. */
  readonly counts: { readonly cases: number; readonly deviating: number; readonly notYet: number };
}

const trialsOf = (suite: Suite, id: string): readonly Trial[] => {
  const found = suite.trials[id] ?? [];
  return 'run' in found ? [found] : found;
};

/** Runs every case of some groups, and holds the tables against the catalogue. */
export function describeBadInput(suite: Suite): void {
  const cases = casesOf(suite.groups);
  describe('every case', () => {
    it('has a trial or a reason, and the tables name no other', () => {
      const ids = cases.map(({ id }) => id);
      const named = [...Object.keys(suite.trials), ...Object.keys(suite.notYet)];
      expect(named.toSorted()).toEqual(ids.toSorted());
      const deviating = ids.filter((id) =>
        trialsOf(suite, id).some(({ deviates }) => deviates !== undefined),
      );
      const notYet = Object.keys(suite.notYet).length;
      expect({ cases: ids.length, deviating: deviating.length, notYet }).toEqual(suite.counts);
    });
  });

  const rows = cases.flatMap((input) => trialsOf(suite, input.id).map((trial) => ({ input, trial })));
  it.each(rows.map((row) => [titleOf(row.input, row.trial), row] as const))(
    '%s',
    async (_title, { input, trial }) => {
      const rig = suite.rig();
      rig.act = succeed;
      const project = await suite.stage(rig);
      await rig.newAuditRows();
      const before = rig.hits().length;

      const observed = await trial.run({ rig, project, input: input.input });

      const hits = rig.hits().length - before - (trial.otherHits ?? 0);
      await expectUnharmed(rig);
      expect(observed.summary).toBe(trial.pin);
      expect(hits, `requests that reached the upstream: ${methodsOf(rig.hits().slice(before))}`).toBe(
        trial.hits ?? 0,
      );
      expect(observed.elapsedMs).toBeLessThan(input.expect.within_ms ?? 1_000);
      expectNoLeak(rig, project, observed);
      expect(await rig.newAuditRows(), 'audit rows').toEqual(
        (trial.audit ?? auditOf(observed, hits)).toSorted(),
      );
      const effect =
        trial.breaker === undefined
          ? undefined
          : rig.breakerEffect(project.projectId, trial.upstream ?? 'up');
      expect(effect).toBe(trial.breaker);
      const differences = differencesFrom(input, { observed, hits, breaker: effect });
      if (trial.deviates === undefined) expect(differences).toEqual([]);
      else expect(differences, 'the deviation is no longer one').not.toEqual([]);
    },
  );
}

const methodsOf = (hits: ReturnType<Rig['hits']>): string =>
  hits.map(({ message }) => message?.method).join(', ');

const titleOf = (input: BadInput, { label }: Trial): string =>
  `${input.id} ${input.name}${label === undefined ? '' : ` (${label})`}`;

/** Another project, on another connection, at once. */
async function expectUnharmed(rig: Rig): Promise<void> {
  const control = await rig.call(rig.control.token, CONTROL_TOOL);
  expect(control.summary, 'the control request').toBe('200 result');
  expect(control.elapsedMs).toBeLessThan(1_000);
}

/** Frames of a stack, paths, SQL, and the words that the hostile inputs of these suites carry. */
const LEAKS =
  /\n\s+at |node_modules|\/work\/|\/tmp\/|file:\/\/|\.[mc]?[jt]s\b|\bselect\b.*\bfrom\b|evil|danger|c4n4ry|aaaaaaaa/i;

function expectNoLeak(rig: Rig, project: TestProject, { text }: Observed): void {
  expect(text).not.toMatch(LEAKS);
  for (const secret of [project.token, rig.control.token, new URL(rig.upstream.url).host]) {
    expect(text).not.toContain(secret);
  }
}

/** One row for what was dispatched and for what the pipeline refused; none for what the edge turned away. */
function auditOf({ code, rpc }: Observed, hits: number): readonly string[] {
  if (code !== undefined && code in REFUSALS) return [`${REFUSALS[code as RefusalCode].auditStatus} ${code}`];
  if (hits === 0) return [];
  if (rpc === 'result') return ['success'];
  return [rpc === 'isError' ? 'error tool_error' : 'error protocol_error'];
}

/** The catalogue's names where our catalogue of refusals has another one for the same thing. */
const RENAMED: Readonly<Record<string, RefusalCode>> = {
  upstream_bad_response: 'upstream_invalid_response',
  upstream_too_large: 'response_too_large',
  upstream_timeout: 'timeout',
  breaker_open: 'circuit_open',
};

interface Outcome {
  readonly observed: Observed;
  readonly hits: number;
  readonly breaker: BreakerEffect | undefined;
}

/** Every point in which an outcome is not what the catalogue expects. */
function differencesFrom({ expect: expected, breaker }: BadInput, outcome: Outcome): string[] {
  const { observed, hits } = outcome;
  const differences: string[] = [];
  const note = (isSame: boolean, point: string): void => {
    if (!isSame) differences.push(point);
  };
  if (expected.http !== null) note(listOf(expected.http).includes(observed.http), 'http');
  if (expected.rpc !== null)
    note(
      listOf(expected.rpc).some((rpc) => isRpc(rpc, observed)),
      'rpc',
    );
  // Where a 200 is one of the answers to choose from, serving the call is too.
  note(
    expected.dispatched || hits === 0 || (Array.isArray(expected.http) && observed.http === 200),
    'dispatched',
  );
  if (expected.connection === 'close') note(observed.isClosed, 'connection');
  if (expected.id !== undefined) note((expected.id ?? undefined) === observed.id, 'id');
  if (expected.retryable !== undefined) note(observed.retryable === expected.retryable, 'retryable');
  if (expected.retry_after_ms !== undefined)
    note(observed.retryAfterMs === expected.retry_after_ms, 'retry_after_ms');
  if (breaker !== undefined && breaker !== null) note(outcome.breaker === breaker, 'breaker');
  return differences;
}

function listOf<T>(value: T | readonly T[]): readonly (T | null)[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function isRpc(expected: Expectation['rpc'] | null, { rpc, code }: Observed): boolean {
  if (typeof expected !== 'string' || !expected.startsWith('gateway:')) {
    if (expected === 'upstream error passed through') return typeof rpc === 'number' && code === undefined;
    return rpc === expected;
  }
  const name = expected.slice('gateway:'.length);
  return rpc === 'isError' && code === (RENAMED[name] ?? name);
}
