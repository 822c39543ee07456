import { annotated, deleteTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

export const annotDestructiveMismatch: Rule = {
  id: 'annot/destructive-mismatch',
  severity: 'warning',
  provenance: 'heuristic',
  summary: 'A tool that deletes is not declared harmless.',
  rationale: 'With destructiveHint false a host runs it without asking.',
  hint: 'Set destructiveHint to true, or say in the description that it can be restored.',
  sources: ['survey'],
  bad: { tools: [annotated({ destructiveHint: false }, deleteTool())] },
  good: { tools: [deleteTool()] },
  check: eachTool((tool, report) => {
    const { readOnlyHint, destructiveHint } = tool.annotations;
    if (tool.verb?.kind !== 'destroy' || readOnlyHint === true || destructiveHint !== false) return;
    if (
      hasPhrase(tool.text, [
        'can be restored',
        'can be undone',
        'trash',
        'recycle bin',
        'soft delete',
        'reversible',
      ])
    )
      return;
    report({
      tool,
      path: '/annotations/destructiveHint',
      message: `The name says ${quote(tool.verb.verb)}, and destructiveHint is false.`,
    });
  }),
};
