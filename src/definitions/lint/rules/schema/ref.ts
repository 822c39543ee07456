import { CURSOR, LIMIT, numberParam, withParams, withSchema } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isRecursive, isRemoteRef, refsIn } from '../../schema-shape.ts';

export const schemaRef: Rule = {
  id: 'schema/ref',
  severity: 'warning',
  provenance: 'portability',
  summary: 'The input schema uses no `$ref`.',
  rationale: 'Gemini and several clients do not resolve references: the model sees an empty schema there.',
  hint: 'Write the definition where it is used.',
  sources: ['gemini', 'survey'],
  bad: {
    tools: [
      withSchema({
        $defs: { Year: numberParam({ description: undefined }) },
        properties: {
          year_count: { $ref: '#/$defs/Year', description: 'Years back, 1–50.' },
          limit: LIMIT,
          cursor: CURSOR,
        },
        required: [],
      }),
    ],
  },
  good: { tools: [withParams({ year_count: numberParam({ description: 'Years back, 1–50.' }) })] },
  check: eachTool((tool, report) => {
    const refs = tool.inputNodes.filter(({ schema }) => refsIn(schema).some((ref) => !isRemoteRef(ref)));
    const [first] = refs;
    // A recursive schema cannot be written out; that is another rule.
    if (first === undefined || isRecursive(tool.inputNodes, '/inputSchema')) return;
    report({
      tool,
      path: first.path,
      message: `The schema uses ${refs.length === 1 ? 'a reference' : `${refs.length} references`}.`,
    });
  }),
};
