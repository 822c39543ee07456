import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Revisions that the suite has scenarios for; it has next to none for 2025-03-26. */
export const REVISIONS = ['2026-07-28', '2025-11-25', '2025-06-18'] as const;
export type Revision = (typeof REVISIONS)[number];

/** What became of one check. `ABSENT`: the scenario ended before it. */
export type Status = 'SUCCESS' | 'INFO' | 'SKIPPED' | 'WARNING' | 'FAILURE' | 'ABSENT';

export interface CheckResult {
  readonly status: Status;
  readonly message: string | undefined;
}

/** Results by `scenario:check-id`. A check that runs several times counts as its worst run. */
export type Results = ReadonlyMap<string, CheckResult>;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SUITE = here('./node_modules/@modelcontextprotocol/conformance/dist/index.js');

/** From best to worst. */
const ORDER: readonly Status[] = ['INFO', 'SUCCESS', 'SKIPPED', 'WARNING', 'FAILURE', 'ABSENT'];

/** A whole leg takes a minute; one that hangs must not hang the run. */
const LEG_TIMEOUT_MS = 10 * 60_000;

export interface SuiteRun {
  readonly leg: 'server' | 'client';
  readonly revision: Revision;
  /** Where the suite writes what it saw; emptied first. */
  readonly output: string;
  /** `--url …` of the server under test, or `--command …` of the client. */
  readonly subject: readonly string[];
  /** Judges what the last run left in `output`, and runs nothing. */
  readonly isReused: boolean;
  /** One scenario instead of all that the revision requires. */
  readonly scenario?: string;
}

/** Runs the suite and reads its verdicts. Its exit code is not one: it ignores warnings and what was skipped. */
export async function runSuite(run: SuiteRun): Promise<Results> {
  if (run.isReused) return readResults(run.output, run.leg);
  if (!existsSync(SUITE)) throw new Error('the suite is missing: run "npm ci" in test/conformance');
  await rm(run.output, { recursive: true, force: true });
  await mkdir(run.output, { recursive: true });
  const words = [run.leg, ...run.subject, ...selection(run), '-o', run.output];
  const child = spawn(process.execPath, ['--import', here('./loader/register.mjs'), SUITE, ...words], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LEG_TIMEOUT_MS);
  await once(child, 'exit');
  clearTimeout(timer);
  return readResults(run.output, run.leg);
}

function selection({ revision, scenario }: SuiteRun): string[] {
  if (scenario !== undefined) return ['--scenario', scenario, '--spec-version', revision];
  // The suite has frozen no list of what 2025-06-18 requires.
  return revision === '2025-06-18'
    ? ['--suite', 'all', '--spec-version', revision]
    : ['--requirements', revision];
}

interface WrittenCheck {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  readonly errorMessage?: string;
}

async function readResults(output: string, leg: 'server' | 'client'): Promise<Results> {
  const results = new Map<string, CheckResult>();
  for (const path of await readdir(output, { recursive: true })) {
    if (!path.endsWith('checks.json')) continue;
    const scenario = scenarioOf(path, leg);
    const checks = JSON.parse(await readFile(join(output, path), 'utf8')) as readonly WrittenCheck[];
    for (const { id, name, status, errorMessage } of checks) {
      // Scenarios for clients give one id to the checks of all methods; their names tell them apart.
      const key = leg === 'client' ? `${scenario}:${id}/${name}` : `${scenario}:${id}`;
      const known = results.get(key);
      if (known !== undefined && ORDER.indexOf(known.status) >= ORDER.indexOf(status)) continue;
      results.set(key, { status, message: errorMessage });
    }
  }
  return results;
}

/** `server-tools-list-2026-…/checks.json` is of `tools-list`; client scenarios have no prefix in some versions. */
function scenarioOf(path: string, leg: string): string {
  const folder = path.replace(/\/checks\.json$/, '').replace(/-\d{4}-\d{2}-\d{2}T[\dTZ-]+$/, '');
  return folder.startsWith(`${leg}-`) && leg === 'server' ? folder.slice(leg.length + 1) : folder;
}
