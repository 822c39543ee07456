import { cutText, escapeUnseen, quote } from '../quote.ts';
import { groupFindings, toolsOf } from './group.ts';
import type { LintRun, NamedReport } from './run.ts';

/** A cell of a table. What it quotes stands in code spans already; a bar would end the cell. */
function cell(text: string): string {
  return escapeUnseen(text).replaceAll('|', '\\|');
}

/** Findings of one rule that get a line of their own. */
const SHOWN_MAX = 3;
const TOOLS_MAX = 10;

function rows({ report }: NamedReport): string[] {
  return groupFindings(report.findings).flatMap(({ ruleId, severity, findings }) => {
    if (findings.length <= SHOWN_MAX) {
      return findings.map(({ tool, path, message }) => {
        const place = tool === undefined ? path : `${tool}${path}`;
        return `| ${severity} | \`${ruleId}\` | ${cell(quote(place, 120))} | ${cell(message)} |`;
      });
    }
    const tools = toolsOf(findings);
    const shown = tools.slice(0, TOOLS_MAX).map((tool) => quote(tool));
    const rest = tools.length > TOOLS_MAX ? ` and ${tools.length - TOOLS_MAX} more` : '';
    const hint = findings[0]?.hint ?? '';
    return [
      `| ${severity} | \`${ruleId}\` | ${findings.length} × in ${cell(shown.join(', '))}${rest} | ${cell(hint)} |`,
    ];
  });
}

/** Markdown, for the summary of a pull request. Names from outside only ever stand in code spans. */
export function reportMarkdown(run: LintRun): string {
  const lines: string[] = [];
  for (const { target, reason } of run.failures) {
    lines.push(`**Could not lint** ${quote(target, 200)}: ${quote(cutText(reason, 300), 300)}`, '');
  }
  for (const named of run.reports) {
    const { counts, tools, tokens } = named.report;
    lines.push(
      `### ${quote(named.target, 200)}`,
      '',
      `${counts.error} errors, ${counts.warning} warnings and ${counts.info} infos in ${tools} tools of about ${tokens.total} tokens.`,
      '',
    );
    const table = rows(named);
    if (table.length > 0)
      lines.push('| severity | rule | where | what |', '| --- | --- | --- | --- |', ...table, '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
