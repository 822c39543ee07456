import { readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const nameRequired: Rule = {
  id: 'name/required',
  severity: 'error',
  provenance: 'spec',
  summary: 'Every tool has a name.',
  rationale: 'A tool without a name cannot be called, and many clients drop the whole list because of it.',
  hint: 'Give the tool a name of the form verb_noun.',
  sources: ['mcp'],
  bad: { tools: [readTool({ name: '' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (tool.name === '') report({ tool, path: '/name', message: 'The tool has no name.' });
  }),
};
