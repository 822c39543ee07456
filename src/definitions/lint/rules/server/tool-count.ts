import { manyTools } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

const COUNT_WARNING = 20;
/** What OpenAI and VS Code take at most. */
const COUNT_ERROR = 128;

export const serverToolCount: Rule = {
  id: 'server/tool-count',
  severity: 'warning',
  provenance: 'portability',
  summary: 'A server has at most 20 tools.',
  rationale:
    'The more tools a model sees, the more often it picks the wrong one. Beyond 128 large hosts cut the list.',
  hint: 'Offer groups of tools that are switched on as needed, or let the gateway expose fewer.',
  sources: ['openai', 'github', 'survey'],
  bad: { tools: manyTools(21) },
  good: { tools: manyTools(20) },
  check: (model, report) => {
    const { toolCount } = model;
    if (toolCount <= COUNT_WARNING) return;
    report({
      path: '/tools',
      severity: toolCount > COUNT_ERROR ? 'error' : 'warning',
      message: `The server has ${toolCount} tools.`,
    });
  },
};
