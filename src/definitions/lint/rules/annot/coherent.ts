import { annotated, readTool } from '../../examples.ts';
import type { LintFix } from '../../finding.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const annotCoherent: Rule = {
  id: 'annot/coherent',
  severity: 'warning',
  provenance: 'spec',
  summary: 'The hints do not contradict each other.',
  rationale:
    'A read-only tool is neither destructive nor unsafe to repeat. A host that reads one of the two hints decides wrongly.',
  hint: 'Take the hint away that does not hold.',
  sources: ['mcp', 'survey'],
  fix: 'unsafe',
  bad: { tools: [annotated({ idempotentHint: false })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const { readOnlyHint, destructiveHint, idempotentHint } = tool.annotations;
    if (readOnlyHint !== true) return;
    const change = (hint: string, value: boolean): LintFix => ({
      isSafe: false,
      edits: [{ op: 'add', path: `/annotations/${hint}`, value }],
    });
    if (destructiveHint === true) {
      report({
        tool,
        path: '/annotations/destructiveHint',
        message: 'The tool is declared read-only and destructive.',
        fix: change('destructiveHint', false),
      });
    }
    if (idempotentHint === false) {
      report({
        tool,
        path: '/annotations/idempotentHint',
        message: 'The tool is declared read-only and not idempotent.',
        fix: change('idempotentHint', true),
      });
    }
  }),
};
