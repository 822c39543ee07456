import { readTool, withOutputs } from '../../examples.ts';
import type { Rule } from '../../rule.ts';
import { estimateTokens } from '../../tokens.ts';

const TOKENS_MAX = 500;

export const outputTokenCost: Rule = {
  id: 'output/token-cost',
  severity: 'info',
  provenance: 'guideline',
  summary: 'An output schema costs at most 500 tokens.',
  rationale:
    'Hosts that pass it on pay for it in every conversation; one public server has 17,000 tokens of output schemas.',
  hint: 'Describe what a caller uses, and leave the rest open.',
  sources: ['survey'],
  bad: {
    tools: [
      withOutputs({
        remark: {
          type: 'string',
          description: `What the clerk wrote. ${'It is kept as it was typed. '.repeat(80)}`,
        },
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: (model, report) => {
    const { tools } = estimateTokens(model);
    model.tools.forEach((tool, index) => {
      const tokens = tools[index]?.outputSchema ?? 0;
      if (tokens > TOKENS_MAX)
        report({ tool, path: '/outputSchema', message: `The output schema has about ${tokens} tokens.` });
    });
  },
};
