import { annotated, GOOD, readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const annotReadDestructive: Rule = {
  id: 'annot/read-destructive',
  severity: 'warning',
  provenance: 'heuristic',
  summary: 'A tool that only reads is not declared destructive.',
  rationale:
    'Generators take every POST for a change. The host then asks before each search, until its user allows everything.',
  hint: 'Set readOnlyHint to true and destructiveHint to false.',
  sources: ['survey'],
  bad: {
    tools: [
      annotated(
        { readOnlyHint: false, destructiveHint: true },
        readTool({ description: `${GOOD} Counts the search; there is nothing to undo.` }),
      ),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const { readOnlyHint, destructiveHint } = tool.annotations;
    if (tool.verb?.kind !== 'read' || readOnlyHint === true || destructiveHint !== true) return;
    report({
      tool,
      path: '/annotations/destructiveHint',
      message: `The name says ${quote(tool.verb.verb)}, and destructiveHint is true.`,
    });
  }),
};
