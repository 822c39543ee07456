import { withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { typesOf } from '../../schema-walk.ts';

export const schemaArrayItems: Rule = {
  id: 'schema/array-items',
  severity: 'error',
  provenance: 'portability',
  summary: 'An array says what its items are.',
  rationale: 'Gemini and OpenAI refuse an array without items, and with it the whole request.',
  hint: 'Add `items`.',
  sources: ['gemini', 'openai'],
  bad: {
    tools: [
      withParams({ subjects: { type: 'array', maxItems: 10, description: 'Parts of the subject line.' } }),
    ],
  },
  good: {
    tools: [
      withParams({
        subjects: {
          type: 'array',
          maxItems: 10,
          items: { type: 'string' },
          description: 'Parts of the subject line.',
        },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path } of tool.inputNodes) {
      const isArray = typesOf(schema).includes('array');
      if (
        isArray &&
        !['items', 'prefixItems', 'const', 'enum', '$ref'].some((keyword) => Object.hasOwn(schema, keyword))
      ) {
        report({ tool, path, message: 'An array does not say what its items are.' });
      }
    }
  }),
};
