import { deleteTool, OTHER, writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const nameCaseUnique: Rule = {
  id: 'name/case-unique',
  severity: 'error',
  provenance: 'portability',
  summary: 'No two names differ only in upper and lower case.',
  rationale: 'Clients that fold case call the wrong one, and so does a model.',
  hint: 'Rename one of them so that the names differ in a word.',
  sources: ['survey'],
  bad: { tools: [deleteTool(), deleteTool({ name: 'Delete_quote', description: OTHER })] },
  good: { tools: [writeTool(), deleteTool()] },
  check: (model, report) => {
    const seen = new Map<string, string>();
    for (const tool of model.tools) {
      if (tool.name === '') continue;
      const folded = tool.name.toLowerCase();
      const earlier = seen.get(folded);
      if (earlier === undefined) seen.set(folded, tool.name);
      else if (earlier !== tool.name) {
        report({
          tool,
          path: '/name',
          message: `${quote(tool.name)} and ${quote(earlier)} differ only in case.`,
        });
      }
    }
  },
};
