import { LINT_FINDINGS_MAX } from '../../../platform/limits.ts';
import { VERSION } from '../../../platform/version.ts';
import { fingerprint } from '../baseline.ts';
import type { Finding, Severity } from '../finding.ts';
import { cutText, escapeUnseen } from '../quote.ts';
import { RULES } from '../rules/index.ts';
import { safeJson } from '../safe-json.ts';
import type { LintRun } from './run.ts';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** Scores of the scale that code scanning sorts security findings by. */
const SECURITY_SCORE: Readonly<Record<Severity, string>> = { error: '8.0', warning: '5.0', info: '2.0' };

const RULE_INDEX: ReadonlyMap<string, number> = new Map(RULES.map(({ id }, index) => [id, index]));

function descriptors(): object[] {
  return RULES.map(({ id, summary, rationale, hint, severity, provenance }) => ({
    id,
    shortDescription: { text: summary },
    fullDescription: { text: rationale },
    help: { text: hint },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: [provenance],
      ...(provenance === 'security' ? { 'security-severity': SECURITY_SCORE[severity] } : {}),
    },
  }));
}

/** A relative path is a URI reference; code scanning shows findings in the file if it is in the repository. */
function artifactUri(target: string): string {
  return encodeURI(escapeUnseen(target).replaceAll('\\', '/'));
}

function result(finding: Finding, target: string, isFile: boolean): object {
  const { ruleId, severity, tool, path, message, hint } = finding;
  const place = escapeUnseen(cutText(`${tool ?? ''}${path}`, 300));
  return {
    ruleId,
    ruleIndex: RULE_INDEX.get(ruleId) ?? -1,
    level: LEVEL[severity],
    message: {
      text: `${tool === undefined ? '' : `${escapeUnseen(cutText(tool, 128))}: `}${message} ${hint}`,
    },
    locations: [
      {
        ...(isFile
          ? { physicalLocation: { artifactLocation: { uri: artifactUri(target) }, region: { startLine: 1 } } }
          : {}),
        logicalLocations: [
          { fullyQualifiedName: place === '' ? escapeUnseen(target) : place, kind: 'member' },
        ],
      },
    ],
    partialFingerprints: { 'breakwaterLint/v1': fingerprint(finding) },
  };
}

/**
 * SARIF 2.1.0, for code scanning. A target that is a file becomes the location
 * of its findings. What could not be linted makes the run unsuccessful, so
 * that it does not read as clean.
 */
export function reportSarif(run: LintRun, options: { readonly isFile: boolean }): string {
  const results = run.reports.flatMap(({ target, report }) =>
    report.findings.map((finding) => result(finding, target, options.isFile)),
  );
  const notifications = run.failures.map(({ target, reason }) => ({
    level: 'error',
    message: { text: escapeUnseen(cutText(`${target}: ${reason}`, 1_000)) },
  }));
  return `${safeJson(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'breakwater lint', version: VERSION, rules: descriptors() } },
          invocations: [
            { executionSuccessful: run.failures.length === 0, toolExecutionNotifications: notifications },
          ],
          results: results.slice(0, LINT_FINDINGS_MAX),
        },
      ],
    },
    2,
  )}\n`;
}
