import { withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { enumOf } from '../../schema-shape.ts';

export const paramEnumNonempty: Rule = {
  id: 'param/enum-nonempty',
  severity: 'error',
  provenance: 'spec',
  summary: 'An enum has at least one value.',
  rationale:
    'Nothing matches an empty enum: the tool cannot be called with the parameter, and hosts refuse the schema.',
  hint: 'List the values, or remove the enum.',
  sources: ['json-schema'],
  bad: {
    tools: [withParams({ status: { type: 'string', enum: [], description: 'State of the invoice.' } })],
  },
  good: {
    tools: [withParams({ status: { type: 'string', enum: ['open'], description: 'State of the invoice.' } })],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path } of tool.inputNodes) {
      if (enumOf(schema)?.length === 0)
        report({ tool, path: `${path}/enum`, message: 'The enum has no values.' });
    }
  }),
};
