import { manyTools, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { enumOf } from '../../schema-shape.ts';

const VALUES_MAX = 50;

export const paramEnumSize: Rule = {
  id: 'param/enum-size',
  severity: 'info',
  provenance: 'portability',
  summary: 'An enum has at most 50 values.',
  rationale: 'Each one is in every conversation, and OpenAI bounds the values of all enums together.',
  hint: 'Take a free text and let a second tool look values up.',
  sources: ['openai'],
  bad: {
    tools: [
      withParams({
        station: {
          type: 'string',
          enum: manyTools(51).map((tool) => tool['name'] as string),
          description: 'Where the invoice was written.',
        },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        station: {
          type: 'string',
          enum: ['harbour', 'airport'],
          description: 'Where the invoice was written.',
        },
      }),
    ],
  },
  check: eachParam((param, report) => {
    const count = enumOf(param.effective)?.length ?? 0;
    if (count > VALUES_MAX)
      report({ at: '/enum', message: `The enum of ${quote(param.name)} has ${count} values.` });
  }),
};
