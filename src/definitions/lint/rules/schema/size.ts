import { readTool, textParam, withParams } from '../../examples.ts';
import type { Rule } from '../../rule.ts';
import { estimateTokens } from '../../tokens.ts';

const TOKENS_MAX = 1_000;

export const schemaSize: Rule = {
  id: 'schema/size',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool costs at most 1,000 tokens.',
  rationale: 'Twenty tools of that size are 20,000 tokens before the first word of the conversation.',
  hint: 'Shorten descriptions, drop parameters that nobody uses, or split the tool.',
  sources: ['survey'],
  bad: {
    tools: [
      withParams(
        Object.fromEntries(
          ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'].map((word) => [
            `${word}_word`,
            textParam({
              description: `Part of the line, e.g. "overdue". ${'It is compared with the cover letter. '.repeat(18)}`,
            }),
          ]),
        ),
      ),
    ],
  },
  good: { tools: [readTool()] },
  check: (model, report) => {
    const { tools } = estimateTokens(model);
    model.tools.forEach((tool, index) => {
      const tokens = tools[index]?.total ?? 0;
      if (tokens > TOKENS_MAX) report({ tool, message: `The tool costs about ${tokens} tokens.` });
    });
  },
};
