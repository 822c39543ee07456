import { readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const outputSchema: Rule = {
  id: 'output/schema',
  severity: 'info',
  strict: 'warning',
  provenance: 'guideline',
  summary: 'A tool declares the schema of its result.',
  rationale:
    'Programs and agents that write code use the result by its members. 90 % of public tools leave it to chance.',
  hint: 'Add outputSchema, and return structuredContent that matches.',
  sources: ['mcp', 'survey'],
  bad: { tools: [readTool({ outputSchema: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (tool.output === undefined)
      report({ tool, path: '/outputSchema', message: 'The tool has no output schema.' });
  }),
};
