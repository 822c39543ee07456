import { closedOutput, readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const outputOpen: Rule = {
  id: 'output/open',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'An output schema allows further members.',
  rationale:
    'With `additionalProperties: false` every member that is added later breaks clients that validate results, and an error object fits nowhere.',
  hint: 'Leave `additionalProperties` out of the output schema.',
  sources: ['survey'],
  fix: 'safe',
  bad: { tools: [closedOutput()] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const closed = tool.outputNodes.filter(({ schema }) => schema['additionalProperties'] === false);
    const [first] = closed;
    if (first === undefined) return;
    report({
      tool,
      path: `${first.path}/additionalProperties`,
      message: `${closed.length === 1 ? 'An object' : `${closed.length} objects`} of the result cannot get new members.`,
      fix: {
        isSafe: true,
        edits: closed.map(({ path }) => ({ op: 'remove', path: `${path}/additionalProperties` })),
      },
    });
  }),
};
