import { withOutputs } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { propertiesOf } from '../../schema-shape.ts';
import { nameWords } from '../../text/words.ts';

const READABLE = [
  'name',
  'title',
  'label',
  'summary',
  'description',
  'text',
  'login',
  'email',
  'subject',
  'number',
  'path',
  'url',
  'content',
  'message',
  'status',
  'type',
  'value',
  'slug',
  'key',
  'file',
] as const;

export const outputOpaqueIds: Rule = {
  id: 'output/opaque-ids',
  severity: 'info',
  provenance: 'guideline',
  summary: 'Items of a result have a name besides their id.',
  rationale: 'Models confuse and misspell UUIDs; a name lets them tell items apart and speak of them.',
  hint: 'Return the name as well.',
  sources: ['anthropic'],
  bad: {
    tools: [
      withOutputs({
        suppliers: {
          type: 'array',
          description: 'Who is involved.',
          items: {
            type: 'object',
            properties: { supplier_id: { type: 'string', description: 'Id of the supplier.' } },
          },
        },
      }),
    ],
  },
  good: {
    tools: [
      withOutputs({
        suppliers: {
          type: 'array',
          description: 'Who is involved.',
          items: {
            type: 'object',
            properties: {
              supplier_id: { type: 'string', description: 'Id of the supplier.' },
              supplier_name: { type: 'string', description: 'Name of the supplier.' },
            },
          },
        },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path, keyword } of tool.outputNodes) {
      const names = Object.keys(propertiesOf(schema));
      if (keyword !== 'items' || names.length === 0) continue;
      const words = names.map((name) => nameWords(name));
      const hasId = words.some((parts) => ['id', 'uuid', 'guid'].includes(parts[parts.length - 1] ?? ''));
      const isReadable = words.some((parts) => parts.some((part) => READABLE.some((one) => one === part)));
      if (hasId && !isReadable) report({ tool, path, message: 'The items have an id and no name.' });
    }
  }),
};
