import { readTool, withSchema } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const schemaRootUnion: Rule = {
  id: 'schema/root-union',
  severity: 'error',
  provenance: 'portability',
  summary: 'The root of an input schema is no union.',
  rationale:
    'The APIs of Anthropic and OpenAI refuse oneOf, anyOf and allOf at the root, and with them the whole request.',
  hint: 'Use one object with an enum that says which case it is.',
  sources: ['anthropic', 'openai'],
  bad: {
    tools: [
      withSchema({
        anyOf: [
          { type: 'object', required: ['query'] },
          { type: 'object', required: ['cursor'] },
        ],
        required: undefined,
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const keyword = ['oneOf', 'anyOf', 'allOf'].find((one) => Object.hasOwn(tool.input, one));
    if (keyword !== undefined)
      report({ tool, path: `/inputSchema/${keyword}`, message: `The root of the schema has ${keyword}.` });
  }),
};
