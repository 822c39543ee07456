import { readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const CHARSET = /^[A-Za-z0-9_.-]{1,128}$/;
/** What every large host accepts: OpenAI and Gemini allow no dot, Gemini no leading digit, all of them 64 characters. */
const PORTABLE = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;

export const namePortable: Rule = {
  id: 'name/portable',
  severity: 'warning',
  strict: 'error',
  provenance: 'portability',
  summary: 'A name fits every large host: a letter first, no dot, at most 64 characters.',
  rationale:
    'The specification allows more than the function names of OpenAI and Gemini do. A host there renames the tool, drops ' +
    'it, or fails on the whole request.',
  hint: 'Use letters, digits, underscores and hyphens, a letter first, at most 64 in all.',
  sources: ['openai', 'gemini'],
  fix: 'unsafe',
  bad: { tools: [readTool({ name: 'invoices.search' })] },
  good: { tools: [readTool({ name: 'search_invoices' })] },
  check: eachTool((tool, report) => {
    if (!CHARSET.test(tool.name) || PORTABLE.test(tool.name)) return;
    const name = tool.name.replaceAll('.', '_');
    report({
      tool,
      path: '/name',
      message: `The name ${quote(tool.name)} is refused by some hosts.`,
      ...(PORTABLE.test(name)
        ? { fix: { isSafe: false, edits: [{ op: 'add', path: '/name', value: name }] } }
        : {}),
    });
  }),
};
