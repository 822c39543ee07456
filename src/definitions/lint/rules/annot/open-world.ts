import { getTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const OUTSIDE: ReadonlySet<string> = new Set([
  'url',
  'urls',
  'web',
  'website',
  'webpage',
  'email',
  'mail',
  'sms',
  'tweet',
  'internet',
  'browser',
  'scrape',
  'crawl',
  'webhook',
]);

export const annotOpenWorld: Rule = {
  id: 'annot/open-world',
  severity: 'info',
  provenance: 'heuristic',
  summary: 'A tool that reaches the web or people is declared open-world.',
  rationale: 'Hosts treat results from outside with more care: they may carry instructions.',
  hint: 'Set openWorldHint to true.',
  sources: ['mcp'],
  bad: { tools: [getTool({ name: 'get_invoice_email' })] },
  good: { tools: [getTool()] },
  check: eachTool((tool, report) => {
    if (tool.annotations['openWorldHint'] !== false) return;
    const word =
      tool.words.find((one) => OUTSIDE.has(one)) ??
      tool.params.find(
        ({ words, isTopLevel }) => isTopLevel && words.length === 1 && OUTSIDE.has(words[0] ?? ''),
      )?.name;
    if (word !== undefined)
      report({
        tool,
        path: '/annotations/openWorldHint',
        message: `${quote(word)} suggests the outside, and openWorldHint is false.`,
      });
  }),
};
