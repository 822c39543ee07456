import { CURSOR, LIMIT, readTool, textParam, withSchema } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isRecursive } from '../../schema-shape.ts';

export const schemaRecursion: Rule = {
  id: 'schema/recursion',
  severity: 'warning',
  provenance: 'portability',
  summary: 'The input schema does not refer to itself.',
  rationale: 'Arguments of any depth pass it. Hosts that write references out loop or drop the tool.',
  hint: 'Bound the depth by writing the levels out, or take a flat list with parent ids.',
  sources: ['mcp'],
  bad: {
    tools: [
      withSchema({
        $defs: {
          Filter: {
            type: 'object',
            additionalProperties: false,
            properties: {
              word: textParam(),
              both: { $ref: '#/$defs/Filter', description: 'Must match as well.' },
            },
          },
        },
        properties: {
          filter: { $ref: '#/$defs/Filter', description: 'Which invoices.' },
          limit: LIMIT,
          cursor: CURSOR,
        },
        required: [],
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (isRecursive(tool.inputNodes, '/inputSchema'))
      report({ tool, path: '/inputSchema', message: 'The schema refers to itself.' });
  }),
};
