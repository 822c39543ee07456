import { fatSchema, manyTools, readTool } from '../../examples.ts';
import type { Rule } from '../../rule.ts';
import { estimateTokens } from '../../tokens.ts';

const TOKENS_MAX = 10_000;

export const serverTokenBudget: Rule = {
  id: 'server/token-budget',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'All tools together cost at most 10,000 tokens.',
  rationale:
    'They are in the context of every conversation before its first word, next to those of other servers.',
  hint: 'Shorten what is longest; the report lists the costs.',
  sources: ['survey'],
  bad: {
    tools: manyTools(20, (index) => ({
      outputSchema: readTool()['outputSchema'],
      inputSchema: fatSchema(index),
    })),
  },
  good: { tools: manyTools(20) },
  check: (model, report) => {
    const { total } = estimateTokens(model);
    if (total > TOKENS_MAX) report({ path: '/tools', message: `The tools cost about ${total} tokens.` });
  },
};
