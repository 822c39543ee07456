import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { runSuite, type CheckResult, type Results, type Revision } from './suite.ts';

/** Scenarios for clients that judge what a gateway says to its upstream; the others are about OAuth, or ask the user. */
const SCENARIOS: Readonly<Partial<Record<Revision, readonly string[]>>> = {
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
    'json-schema-2020-12-preservation',
  ],
  '2025-11-25': ['initialize', 'tools_call', 'json-schema-2020-12-preservation'],
};

export const CLIENT_REVISIONS = Object.keys(SCENARIOS) as readonly Revision[];

const DRIVER = fileURLToPath(new URL('./client-driver.ts', import.meta.url));

export interface ClientLegOptions {
  readonly output: string;
  readonly scenario: string | undefined;
  readonly isReused: boolean;
}

/** Runs the suite's own servers as upstreams of a gateway, one gateway for each scenario. */
export async function runClientLeg(
  revision: Revision,
  { output, scenario: only, isReused }: ClientLegOptions,
): Promise<Results> {
  const results = new Map<string, CheckResult>();
  for (const scenario of SCENARIOS[revision] ?? []) {
    if (only !== undefined && only !== scenario) continue;
    const subject = ['--command', `${process.execPath} --import tsx ${DRIVER}`, '--timeout', '60000'];
    const folder = join(output, scenario);
    const found = await runSuite({ leg: 'client', revision, output: folder, subject, scenario, isReused });
    // A scenario without a check did not run at all.
    if (found.size === 0) results.set(`${scenario}:ran`, { status: 'ABSENT', message: 'no check was made' });
    for (const [check, result] of found) results.set(check, result);
  }
  return results;
}
