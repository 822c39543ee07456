import type { Finding, Severity } from '../finding.ts';
import { cutText, escapeUnseen } from '../quote.ts';
import type { LintRun } from './run.ts';

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** GitHub shows ten annotations of a kind per step and keeps fifty in all; the rest is counted in the last line. */
const ANNOTATIONS_MAX = 50;

/** Escapes as workflow commands have it, after every line break has become visible text. */
function data(text: string): string {
  return escapeUnseen(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function line(finding: Finding, file: string | undefined): string {
  const { ruleId, severity, tool, path, message, hint } = finding;
  const place = tool === undefined ? path : `${tool}${path}`;
  const properties = [...(file === undefined ? [] : [`file=${property(file)}`]), `title=${property(ruleId)}`];
  return `::${COMMAND[severity]} ${properties.join(',')}::${data(`${cutText(place, 200)}: ${message} ${hint}`)}`;
}

/** Workflow commands of GitHub Actions, the worst findings first. */
export function reportGithub(run: LintRun, options: { readonly isFile: boolean }): string {
  const lines = run.failures.map(
    ({ target, reason }) => `::error title=could not lint::${data(`${target}: ${reason}`)}`,
  );
  const all = run.reports.flatMap(({ target, report }) =>
    report.findings.map((finding) => line(finding, options.isFile ? target : undefined)),
  );
  lines.push(...all.slice(0, ANNOTATIONS_MAX));
  if (all.length > ANNOTATIONS_MAX)
    lines.push(`::notice::${all.length - ANNOTATIONS_MAX} more findings are not shown`);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
