import {
  applyFixes,
  createBaseline,
  createSnapshot,
  lint,
  parseSnapshot,
  reportGithub,
  reportHuman,
  reportJson,
  reportMarkdown,
  reportSarif,
  RULES,
  safeJson,
  SOURCES,
  type LintRun,
  type LintSnapshot,
  type NamedReport,
} from '../../definitions/lint/index.ts';
import { escapeForLog } from '../../platform/logger.ts';
import { EXIT } from './exit-codes.ts';
import { LintUsageError, type LintFlags, type LintRequest } from './lint-flags.ts';
import { processIo, type LintIo } from './lint-io.ts';
import { readJson, readSettings, type LintSettings } from './lint-settings.ts';
import { loadTargets, replaceTools, type LoadedTargets } from './lint-target.ts';

/** 0: clean. 1: errors, or more warnings than allowed. 2: something could not be linted, which is never clean. */
export function exitCodeOf(run: LintRun, maxWarnings: number): number {
  if (run.failures.length > 0 || run.reports.length === 0) return EXIT.usage;
  const errors = run.reports.reduce((sum, { report }) => sum + report.counts.error, 0);
  const warnings = run.reports.reduce((sum, { report }) => sum + report.counts.warning, 0);
  return errors > 0 || warnings > maxWarnings ? EXIT.failed : EXIT.ok;
}

/** `breakwater lint [TARGET]`. Returns the exit code. */
export function lintTarget(request: LintRequest, io: LintIo = processIo()): Promise<number> {
  return guarded(io, async () => {
    const { flags } = request;
    const settings = await readSettings(flags, io);
    let targets = await loadTargets(request, io);
    if (flags.fix === true || flags.fixUnsafe === true)
      targets = await fixFile(targets, { settings, flags, io });
    const run = runOf(targets, settings);
    if (flags.writeBaseline !== undefined) {
      const baseline = createBaseline(run.reports.flatMap(({ report }) => report.findings));
      await io.writeText(flags.writeBaseline, `${safeJson(baseline, 2)}\n`);
      io.err(`${baseline.findings.length} findings are written to ${escapeForLog(flags.writeBaseline)}.\n`);
      return run.failures.length > 0 ? EXIT.usage : EXIT.ok;
    }
    await write(run, { flags, io, isFile: targets.file !== undefined });
    return exitCodeOf(run, settings.maxWarnings);
  });
}

function runOf(targets: LoadedTargets, settings: LintSettings, snapshot?: LintSnapshot): LintRun {
  const reports = targets.loaded.map(
    ({ name, input }): NamedReport => ({
      target: name,
      report: lint(snapshot === undefined ? input : { ...input, snapshot }, settings.options),
    }),
  );
  return { target: targets.target, reports, failures: targets.failures };
}

interface Work {
  readonly settings: LintSettings;
  readonly flags: LintFlags;
  readonly io: LintIo;
}

/** Rounds of fixing: one fix can make room for another of the same text. */
const FIX_ROUNDS_MAX = 5;

/** Writes the fixes into the file that was linted, and returns what it then is. */
async function fixFile(targets: LoadedTargets, { settings, flags, io }: Work): Promise<LoadedTargets> {
  const { file } = targets;
  const [only] = targets.loaded;
  if (file === undefined || only === undefined)
    throw new LintUsageError('Only a file of definitions can be mended.');
  let { tools } = only.input;
  let fixedCount = 0;
  for (let round = 0; round < FIX_ROUNDS_MAX; round += 1) {
    const { findings } = lint({ ...only.input, tools }, settings.options);
    const fixed = applyFixes(tools, findings, { allowUnsafe: flags.fixUnsafe === true });
    if (fixed.fixedCount === 0) break;
    fixedCount += fixed.fixedCount;
    tools = fixed.tools;
  }
  const document = replaceTools(file.document, tools);
  if (fixedCount > 0) await io.writeText(file.path, `${JSON.stringify(document, undefined, 2)}\n`);
  io.err(`${fixedCount} findings are mended in ${escapeForLog(file.path)}.\n`);
  return { ...targets, loaded: [{ ...only, input: { ...only.input, tools } }], file: { ...file, document } };
}

interface Writing {
  readonly flags: LintFlags;
  readonly io: LintIo;
  readonly isFile: boolean;
}

async function write(run: LintRun, { flags, io, isFile }: Writing): Promise<void> {
  const text = render(run, { flags, io, isFile });
  if (flags.output === undefined) await io.out(text);
  else await io.writeText(flags.output, text);
}

function render(run: LintRun, { flags, io, isFile }: Writing): string {
  switch (flags.json === true ? 'json' : flags.format) {
    case 'json':
      return reportJson(run);
    case 'sarif':
      return reportSarif(run, { isFile });
    case 'github':
      return reportGithub(run, { isFile });
    case 'markdown':
      return reportMarkdown(run);
    case 'human':
      return reportHuman(run, {
        isColoured: io.isTerminal && flags.output === undefined,
        columns: io.columns,
        isVerbose: flags.verbose === true,
      });
  }
}

/** `breakwater lint snapshot FILE [TARGET]`. */
export function writeSnapshot(
  request: LintRequest & { readonly file: string },
  io: LintIo = processIo(),
): Promise<number> {
  return guarded(io, async () => {
    const [only] = await loadOne(request, io);
    const snapshot = createSnapshot(only.input.tools);
    // A snapshot of nothing would approve everything that comes later.
    if (snapshot.tools.length === 0) throw new LintUsageError('There are no tools to write down.');
    await io.writeText(request.file, `${safeJson(snapshot, 2)}\n`);
    io.err(`${snapshot.tools.length} tools are written to ${escapeForLog(request.file)}.\n`);
    return EXIT.ok;
  });
}

/** `breakwater lint diff FILE [TARGET]`: only what changed since the snapshot. */
export function diffSnapshot(
  request: LintRequest & { readonly file: string },
  io: LintIo = processIo(),
): Promise<number> {
  return guarded(io, async () => {
    const snapshot = parseSnapshot(await readJson(request.file, io));
    if (snapshot === undefined) throw new LintUsageError(`${escapeForLog(request.file)} is not a snapshot.`);
    const [only, targets] = await loadOne(request, io);
    const settings = await readSettings(request.flags, io);
    const rules = {
      ...Object.fromEntries(RULES.map(({ id }) => [id, 'off' as const])),
      ...settings.options.rules,
    };
    for (const id of ['server/drift', 'server/dependency-schema']) {
      if (settings.options.rules?.[id] === undefined) delete rules[id];
    }
    // Both rules belong to every preset that `recommended` does.
    const options = { ...settings.options, preset: 'recommended' as const, rules };
    const run = runOf({ ...targets, loaded: [only] }, { ...settings, options }, snapshot);
    await write(run, { flags: request.flags, io, isFile: false });
    return exitCodeOf(run, settings.maxWarnings);
  });
}

/** The one server that a snapshot is about. */
async function loadOne(
  request: LintRequest,
  io: LintIo,
): Promise<[LoadedTargets['loaded'][number], LoadedTargets]> {
  const targets = await loadTargets(request, io);
  const [failure] = targets.failures;
  if (failure !== undefined)
    throw new LintUsageError(`${escapeForLog(failure.target)}: ${escapeForLog(failure.reason)}.`);
  const [only, another] = targets.loaded;
  if (only === undefined || another !== undefined)
    throw new LintUsageError('A snapshot is of one server; choose it with --server.');
  return [only, targets];
}

/** `breakwater lint rules`. */
export async function listRules(
  flags: { readonly json?: boolean },
  io: LintIo = processIo(),
): Promise<number> {
  if (flags.json === true) {
    const rules = RULES.map(({ id, severity, strict, provenance, summary, fix }) => ({
      id,
      severity,
      strict: strict ?? severity,
      provenance,
      summary,
      fix: fix ?? null,
    }));
    await io.out(`${safeJson(rules, 2)}\n`);
    return EXIT.ok;
  }
  const width = Math.max(...RULES.map(({ id }) => id.length));
  await io.out(
    RULES.map(({ id, severity, summary }) => `${severity.padEnd(8)} ${id.padEnd(width)}  ${summary}\n`).join(
      '',
    ),
  );
  return EXIT.ok;
}

/** `breakwater lint explain ID`. */
export function explainRule(id: string, io: LintIo = processIo()): Promise<number> {
  return guarded(io, async () => {
    const rule = RULES.find((one) => one.id === id);
    if (rule === undefined)
      throw new LintUsageError(`There is no rule ${escapeForLog(id)}; \`breakwater lint rules\` lists them.`);
    const lines = [
      `${rule.id}: ${rule.summary}`,
      '',
      rule.rationale,
      '',
      rule.hint,
      '',
      `Severity: ${rule.severity} (strict: ${rule.strict ?? rule.severity}), kind: ${rule.provenance}${rule.fix === undefined ? '' : `, fix: ${rule.fix}`}`,
      `From: ${rule.sources.map((source) => SOURCES[source]).join('; ')}`,
    ];
    await io.out(`${lines.join('\n')}\n`);
    return EXIT.ok;
  });
}

/** Prints what the caller did wrong instead of throwing it. */
async function guarded(io: LintIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LintUsageError)) throw error;
    io.err(`breakwater lint: ${error.message}\n`);
    return EXIT.usage;
  }
}
