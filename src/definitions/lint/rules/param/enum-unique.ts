import { withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { enumOf } from '../../schema-shape.ts';
import { canonicalJson } from '../../snapshot.ts';

export const paramEnumUnique: Rule = {
  id: 'param/enum-unique',
  severity: 'error',
  provenance: 'spec',
  summary: 'No value stands twice in an enum.',
  rationale:
    'Some hosts refuse the whole tool for it, and one of the two was probably meant to be another value.',
  hint: 'Remove the second one.',
  sources: ['json-schema'],
  fix: 'safe',
  bad: {
    tools: [
      withParams({
        status: { type: 'string', enum: ['open', 'paid', 'open'], description: 'State of the invoice.' },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        status: { type: 'string', enum: ['open', 'paid'], description: 'State of the invoice.' },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path } of tool.inputNodes) {
      const values = enumOf(schema) ?? [];
      const unique = [...new Map(values.map((value) => [canonicalJson(value), value])).values()];
      if (unique.length === values.length) continue;
      report({
        tool,
        path: `${path}/enum`,
        message: 'The enum repeats a value.',
        fix: { isSafe: true, edits: [{ op: 'add', path: `${path}/enum`, value: unique }] },
      });
    }
  }),
};
