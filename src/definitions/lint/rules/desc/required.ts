import { readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const descRequired: Rule = {
  id: 'desc/required',
  severity: 'error',
  provenance: 'spec',
  summary: 'Every tool has a description.',
  rationale: 'The description is all that a model knows of a tool before it calls it.',
  hint: 'Say what the tool does, when to use it and when not, and what it returns.',
  sources: ['mcp', 'anthropic-directory', 'openai-review'],
  bad: { tools: [readTool({ description: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (tool.description.trim() === '')
      report({ tool, path: '/description', message: 'The tool has no description.' });
  }),
};
