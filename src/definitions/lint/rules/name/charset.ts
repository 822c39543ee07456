import { writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const ALLOWED = /^[A-Za-z0-9_.-]{1,128}$/;

export const nameCharset: Rule = {
  id: 'name/charset',
  severity: 'error',
  provenance: 'spec',
  summary: 'A name consists of 1 to 128 letters, digits, underscores, hyphens and dots.',
  rationale:
    'The specification names these characters. Clients drop tools whose names have others, or fail on the list.',
  hint: 'Use letters, digits and underscores only.',
  sources: ['mcp', 'anthropic-directory'],
  fix: 'unsafe',
  bad: { tools: [writeTool({ name: 'create quote!' })] },
  good: { tools: [writeTool({ name: 'create_quote' })] },
  check: eachTool((tool, report) => {
    if (tool.name === '' || ALLOWED.test(tool.name)) return;
    const name = tool.name
      .slice(0, 64)
      .replace(/[^A-Za-z0-9_.-]+/g, '_')
      .replace(/^_+|_+$/g, '');
    report({
      tool,
      path: '/name',
      message: `The name ${quote(tool.name)} has characters that names may not have, or too many.`,
      ...(name === '' ? {} : { fix: { isSafe: false, edits: [{ op: 'add', path: '/name', value: name }] } }),
    });
  }),
};
