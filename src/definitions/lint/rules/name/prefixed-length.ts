import { exampleServer, readTool } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

/** The bound of OpenAI and of the Anthropic API on the name that they are sent. */
const SENT_CHARS_MAX = 64;

export const namePrefixedLength: Rule = {
  id: 'name/prefixed-length',
  severity: 'warning',
  provenance: 'portability',
  summary: 'A name still fits when a host puts `mcp__server__` before it.',
  rationale:
    'Hosts prefix names with the name of the server. A name that is longer than 64 characters then is cut off or the tool ' +
    'is dropped, both in silence.',
  hint: 'Shorten the name of the tool or of the server.',
  sources: ['survey'],
  bad: {
    server: exampleServer({ name: 'ledger-of-the-company' }),
    tools: [readTool({ name: 'search_invoices_by_words_of_the_cover_letter' })],
  },
  good: { server: exampleServer(), tools: [readTool()] },
  check: (model, report) => {
    const server = model.input.server?.name;
    if (server === undefined || server === '') return;
    for (const tool of model.tools) {
      const length = `mcp__${server}__${tool.name}`.length;
      if (tool.name === '' || length <= SENT_CHARS_MAX) continue;
      report({
        tool,
        path: '/name',
        message: `With the prefix of a host the name has ${length} characters; ${SENT_CHARS_MAX} fit.`,
      });
    }
  },
};
