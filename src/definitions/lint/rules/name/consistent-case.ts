import { deleteTool, readTool, writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { caseStyle, mostCommon } from '../../text/names.ts';

export const nameConsistentCase: Rule = {
  id: 'name/consistent-case',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'All names of a server are written in one style.',
  rationale: 'A model that has seen `list_orders` writes `get_user`, not `getUser`, and the call fails.',
  hint: 'Write all names in the style that most of them have.',
  sources: ['survey'],
  fix: 'unsafe',
  bad: { tools: [readTool(), deleteTool(), writeTool({ name: 'createQuote' })] },
  good: { tools: [readTool(), deleteTool(), writeTool()] },
  check: (model, report) => {
    const main = mostCommon(model.tools.map(({ name }) => caseStyle(name)));
    if (main === undefined) return;
    for (const tool of model.tools) {
      const style = caseStyle(tool.name);
      if (style === undefined || style === main) continue;
      const name =
        main === 'snake' ? tool.words.join('_') : main === 'kebab' ? tool.words.join('-') : undefined;
      report({
        tool,
        path: '/name',
        message: `The name ${quote(tool.name)} is in ${style} case, most others in ${main} case.`,
        ...(name === undefined
          ? {}
          : { fix: { isSafe: false, edits: [{ op: 'add', path: '/name', value: name }] } }),
      });
    }
  },
};
