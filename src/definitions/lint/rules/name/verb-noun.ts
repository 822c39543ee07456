import { readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isGenericName } from '../../text/names.ts';

export const nameVerbNoun: Rule = {
  id: 'name/verb-noun',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'A name says what the tool does and to what: a verb and a noun.',
  rationale:
    'A model picks tools by their names first. `search_github_issues` is found; `issues` and `tool_1` are guessed at.',
  hint: 'Name it verb_noun, for example `list_issues`.',
  sources: ['breakwater', 'anthropic'],
  bad: { tools: [readTool({ name: 'invoices' })] },
  good: { tools: [readTool({ name: 'search_invoices' })] },
  check: eachTool((tool, report) => {
    if (tool.words.length === 0 || isGenericName(tool.words)) return;
    if (tool.verb === undefined) {
      report({ tool, path: '/name', message: `The name ${quote(tool.name)} has no verb.` });
    } else if (tool.words.length === 1) {
      // Hosts themselves prescribe `search` and `fetch`.
      report({
        tool,
        path: '/name',
        severity: 'info',
        message: `The name ${quote(tool.name)} does not say what it acts on.`,
      });
    }
  }),
};
