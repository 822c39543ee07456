/** Runs the official conformance suite; see `--help`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_REVISIONS, runClientLeg } from './client-leg.ts';
import { evaluateCell, isGood, type CellReport, type Expectation } from './evaluate.ts';
import { asMarkdown, asText } from './report.ts';
import { REVISIONS, runSuite, type Results, type Revision } from './suite.ts';
import { startTarget, TARGETS, type TargetName } from './targets.ts';

const HELP = `npm run conformance -- [--target fixture|gateway|gateway-legacy|library|nothing|client] [--revision R] [--scenario S] [--verbose] [--reuse] [--docs]

Runs @modelcontextprotocol/conformance and judges every check by its id.
  --target    One target (may be repeated). Default: all.
  --revision  One revision (may be repeated). Default: all.
  --scenario  One scenario.
  --verbose   Name every check that did not succeed, also the expected ones.
  --reuse     Judge what the last run left behind, and run nothing.
  --docs      Write docs/reference/conformance.md from this run.
Exit code: 0 as expected, 1 not.
`;

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: [...TARGETS, 'client'] },
    revision: { type: 'string', multiple: true, default: [...REVISIONS] },
    scenario: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    reuse: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const OUTPUT = join(tmpdir(), 'breakwater-conformance');

async function main(): Promise<boolean> {
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  const expectations = await readExpectations();
  const revisions = REVISIONS.filter((revision) => values.revision.includes(revision));
  const reports: CellReport[] = [];
  for (const revision of revisions) reports.push(...(await serverCells(revision, expectations)));
  if (values.target.includes('client')) {
    for (const revision of CLIENT_REVISIONS.filter((known) => revisions.includes(known))) {
      const results = await runClientLeg(revision, {
        output: join(OUTPUT, 'client', revision),
        scenario: values.scenario,
        isReused: values.reuse,
      });
      reports.push(evaluateCell({ target: 'client', revision, results, wanted: new Set(), expectations }));
    }
  }
  process.stdout.write(asText(reports, { verbose: values.verbose }));
  if (values.docs) await writeFile(here('../../docs/reference/conformance.md'), asMarkdown(reports));
  return reports.every(isGood);
}

/** Those of the one scenario that is run, if it is one: the others would all be stale. */
async function readExpectations(): Promise<readonly Expectation[]> {
  const text = await readFile(here('./expected-failures.json'), 'utf8');
  const { scenario } = values;
  return (JSON.parse(text) as readonly Expectation[]).map((entry) => ({
    ...entry,
    checks: entry.checks.filter((check) => scenario === undefined || check.startsWith(`${scenario}:`)),
  }));
}

/** All cells of a revision. The fixture by itself says which checks there are, and is judged like the others. */
async function serverCells(revision: Revision, expectations: readonly Expectation[]): Promise<CellReport[]> {
  const targets = TARGETS.filter((target) => values.target.includes(target));
  if (targets.length === 0) return [];
  const results = new Map<TargetName, Results>();
  for (const target of new Set<TargetName>(['fixture', ...targets])) {
    results.set(target, await runTarget(target, revision));
  }
  const wanted = new Set(results.get('fixture')?.keys());
  return targets.flatMap((target) => {
    const own = results.get(target) ?? new Map();
    if (target === 'nothing') return [nothingReport(revision, own, wanted)];
    return [evaluateCell({ target, revision, results: own, wanted, expectations })];
  });
}

async function runTarget(name: TargetName, revision: Revision): Promise<Results> {
  const output = join(OUTPUT, name, revision);
  await mkdir(output, { recursive: true });
  const isReused = values.reuse;
  if (isReused) return runSuite({ leg: 'server', revision, output, subject: [], isReused });
  const target = await startTarget(name);
  try {
    const scenario = values.scenario === undefined ? {} : { scenario: values.scenario };
    return await runSuite({
      leg: 'server',
      revision,
      output,
      subject: ['--url', target.url],
      isReused,
      ...scenario,
    });
  } finally {
    await target.close();
  }
}

/**
 * Where nobody listens, everything has to fail. What succeeds all the same is
 * shown, because the same check proves nothing in the other cells.
 */
function nothingReport(revision: Revision, results: Results, wanted: ReadonlySet<string>): CellReport {
  const hollow = [...results].filter(([, { status }]) => status === 'SUCCESS').map(([check]) => check);
  const isHollow = hollow.length * 2 > wanted.size;
  const checks = hollow.map((check) => ({
    check,
    status: 'SUCCESS' as const,
    verdict: isHollow ? ('fail' as const) : ('expected' as const),
    note: 'succeeds with nobody listening',
  }));
  return { target: 'nothing', revision, checks, stale: [] };
}

process.exitCode = (await main()) ? 0 : 1;
