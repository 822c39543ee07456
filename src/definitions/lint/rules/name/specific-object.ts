import { readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isGenericName } from '../../text/names.ts';
import { singular } from '../../text/words.ts';

const VAGUE: ReadonlySet<string> = new Set([
  'data',
  'item',
  'info',
  'information',
  'object',
  'thing',
  'stuff',
  'value',
  'result',
  'detail',
  'element',
]);

export const nameSpecificObject: Rule = {
  id: 'name/specific-object',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'The noun of a name says what kind of thing it is.',
  rationale: 'Next to the tools of other servers, `get_data` does not say whose data and which.',
  hint: 'Name the thing: `get_invoice_totals` instead of `get_data`.',
  sources: ['anthropic', 'arxiv-2602.14878'],
  bad: { tools: [readTool({ name: 'search_data' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const nouns = tool.words.filter((word) => word !== tool.verb?.verb);
    if (tool.verb === undefined || nouns.length === 0 || isGenericName(tool.words)) return;
    if (nouns.every((word) => VAGUE.has(singular(word)))) {
      report({ tool, path: '/name', message: `The name ${quote(tool.name)} does not say what it is about.` });
    }
  }),
};
