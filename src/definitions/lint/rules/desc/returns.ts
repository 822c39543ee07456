import { readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { DESCRIPTION_CHARS_MIN, textLength } from '../../text/length.ts';
import { hasPhrase } from '../../text/words.ts';

const RESULTS = [
  'return',
  'returns',
  'returned',
  'returning',
  'respond',
  'responds',
  'response',
  'yields',
  'outputs',
  'output is',
  'the output',
  'result is',
  'results are',
  'the result',
  'gives back',
  'answers with',
  'provides',
] as const;

export const descReturns: Rule = {
  id: 'desc/returns',
  severity: 'info',
  strict: 'warning',
  provenance: 'guideline',
  summary: 'Where no output schema does, the description says what the tool returns.',
  rationale: 'A model plans the next step with what it expects to get. 61 % of public tools do not say.',
  hint: 'Add "Returns …", or declare an outputSchema with descriptions.',
  sources: ['arxiv-2602.14878', 'survey'],
  bad: {
    tools: [
      readTool({
        description:
          'Search the invoices of the current customer by text, newest first. Use it when the number is unknown. Safe to retry.',
        outputSchema: { type: 'object' },
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (
      tool.outputs.length > 0 ||
      textLength(tool.description) < DESCRIPTION_CHARS_MIN ||
      hasPhrase(tool.text, RESULTS)
    )
      return;
    report({
      tool,
      path: '/description',
      message: 'Neither the description nor an output schema says what the tool returns.',
    });
  }),
};
