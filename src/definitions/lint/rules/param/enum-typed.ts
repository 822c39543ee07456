import type { JsonValue } from '../../../../platform/json.ts';
import { withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { enumOf } from '../../schema-shape.ts';

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

export const paramEnumTyped: Rule = {
  id: 'param/enum-typed',
  severity: 'error',
  provenance: 'spec',
  summary: 'The values of an enum are of the type that stands beside it.',
  rationale: 'A value of another type can never be sent, and strict hosts refuse the schema.',
  hint: 'Mend the type, or the values.',
  sources: ['json-schema'],
  bad: {
    tools: [
      withParams({
        status: { type: 'string', enum: ['open', 2], description: 'State of the invoice; 2 = paid.' },
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
      const { type } = schema;
      const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
      if (types.length === 0) continue;
      const isOff = (enumOf(schema) ?? []).some((value) => {
        const own = typeOf(value);
        return (
          !types.includes(own) && !(own === 'number' && types.includes('integer') && Number.isInteger(value))
        );
      });
      if (isOff)
        report({
          tool,
          path: `${path}/enum`,
          message: `The enum has values that are not of the type ${quote(types.join(' or '))}.`,
        });
    }
  }),
};
