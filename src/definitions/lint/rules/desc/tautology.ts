import { readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isTautology } from '../../text/tautology.ts';

export const descTautology: Rule = {
  id: 'desc/tautology',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'A description says more than the name.',
  rationale: 'A model has read the name already. `list_orders`: "List orders" costs tokens and adds nothing.',
  hint: 'Say whose, in which order, how many, and when to use another tool.',
  sources: ['arxiv-2602.14878'],
  bad: { tools: [readTool({ description: 'Search invoices.' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (tool.name !== '' && isTautology(tool.description, tool.words)) {
      report({ tool, path: '/description', message: 'The description only repeats the name.' });
    }
  }),
};
