import type { Finding } from '../finding.ts';
import { safeJson } from '../safe-json.ts';
import { savedTokens } from '../tokens.ts';
import type { LintRun, NamedReport } from './run.ts';

function findingJson(finding: Finding, server: string | undefined): object {
  const { ruleId, severity, tool, path, message, hint, fix } = finding;
  return {
    rule: ruleId,
    severity,
    ...(server === undefined ? {} : { server }),
    tool: tool ?? null,
    path,
    message,
    hint,
    fixable: fix?.isSafe === true,
  };
}

function tokensJson({ report }: NamedReport): object[] {
  return report.tokens.tools.map((tool) => ({
    tool: tool.tool,
    total: tool.total,
    description: tool.description,
    input_schema: tool.inputSchema,
    output_schema: tool.outputSchema,
    savings: savedTokens(tool),
  }));
}

/**
 * For programs. Member names are stable; members may be added. `summary` counts
 * over all servers; `server` is there when there were several.
 */
export function reportJson(run: LintRun): string {
  const { reports } = run;
  const sum = (of: (named: NamedReport) => number): number =>
    reports.reduce((total, named) => total + of(named), 0);
  const isSeveral = reports.length > 1;
  const document = {
    target: run.target,
    summary: {
      tools: sum(({ report }) => report.tools),
      errors: sum(({ report }) => report.counts.error),
      warnings: sum(({ report }) => report.counts.warning),
      infos: sum(({ report }) => report.counts.info),
      tokens: sum(({ report }) => report.tokens.total),
      savings: sum(({ report }) => report.tokens.savings),
      suppressed: sum(({ report }) => report.suppressed),
    },
    findings: reports.flatMap(({ target, report }) =>
      report.findings.map((finding) => findingJson(finding, isSeveral ? target : undefined)),
    ),
    tokens: reports.flatMap((named) =>
      isSeveral ? tokensJson(named).map((tool) => ({ server: named.target, ...tool })) : tokensJson(named),
    ),
    failures: run.failures,
    notes: reports.flatMap(({ report }) => report.notes),
  };
  return `${safeJson(document, 2)}\n`;
}
