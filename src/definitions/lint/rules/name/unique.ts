import { readTool, writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const nameUnique: Rule = {
  id: 'name/unique',
  severity: 'error',
  provenance: 'spec',
  summary: 'No two tools have the same name.',
  rationale: 'Only one of them can be called, and which one depends on the client.',
  hint: 'Rename one of them, or make them one tool.',
  sources: ['mcp'],
  bad: { tools: [readTool(), readTool()] },
  good: { tools: [readTool(), writeTool()] },
  check: (model, report) => {
    const seen = new Set<string>();
    for (const tool of model.tools) {
      if (tool.name === '') continue;
      if (seen.has(tool.name)) {
        report({ tool, path: '/name', message: `The name ${quote(tool.name)} is taken by an earlier tool.` });
      }
      seen.add(tool.name);
    }
  },
};
