import { writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isGenericName } from '../../text/names.ts';

export const nameGeneric: Rule = {
  id: 'name/generic',
  severity: 'error',
  provenance: 'guideline',
  summary: 'A name is not made of words that fit every tool.',
  rationale:
    '`run`, `execute`, `process`, `helper` and `tool_1` tell a model nothing; it calls them at random or never.',
  hint: 'Say what the tool does and to what.',
  sources: ['breakwater', 'anthropic'],
  bad: { tools: [writeTool({ name: 'tool_1' })] },
  good: { tools: [writeTool()] },
  check: eachTool((tool, report) => {
    if (isGenericName(tool.words)) {
      report({ tool, path: '/name', message: `The name ${quote(tool.name)} would fit any tool.` });
    }
  }),
};
