import { withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const schemaTuple: Rule = {
  id: 'schema/tuple',
  severity: 'warning',
  provenance: 'portability',
  summary: 'An array has one schema for all items.',
  rationale: 'Hosts do not translate tuples, and models lose count of positions.',
  hint: 'Use an object with named members.',
  sources: ['gemini'],
  bad: {
    tools: [
      withParams({
        span: {
          type: 'array',
          maxItems: 2,
          prefixItems: [{ type: 'integer' }, { type: 'integer' }],
          description: 'First and last page.',
        },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        pages: {
          type: 'array',
          maxItems: 2,
          items: { type: 'integer' },
          description: 'First and last page.',
        },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path } of tool.inputNodes) {
      const keyword = Object.hasOwn(schema, 'prefixItems')
        ? 'prefixItems'
        : Array.isArray(schema['items'])
          ? 'items'
          : undefined;
      if (keyword !== undefined)
        report({ tool, path: `${path}/${keyword}`, message: 'An array has a schema for each position.' });
    }
  }),
};
