import { isJsonObject } from '../../../../platform/json.ts';
import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { propertiesOf } from '../../schema-shape.ts';
import { effectiveSchema } from '../../schema-walk.ts';
import { hasPhrase } from '../../text/words.ts';

const MEMBERS_MIN = 4;

export const paramComplexExample: Rule = {
  id: 'param/complex-example',
  severity: 'info',
  provenance: 'guideline',
  summary: 'An object with more than three members comes with an example.',
  rationale: 'One example settles what four descriptions leave open.',
  hint: 'Add `examples`, or an example in the description.',
  sources: ['anthropic'],
  bad: {
    tools: [
      withParams({
        sender: {
          type: 'object',
          additionalProperties: false,
          description: 'Who sent the invoice.',
          properties: { city: textParam(), street: textParam(), country: textParam(), company: textParam() },
        },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        sender: {
          type: 'object',
          additionalProperties: false,
          description: 'Who sent the invoice.',
          properties: { city: textParam(), street: textParam() },
        },
      }),
    ],
  },
  check: eachParam((param, report, tool) => {
    const items = param.effective['items'];
    const shape = isJsonObject(items) ? effectiveSchema(items, tool.input) : param.effective;
    if (Object.keys(propertiesOf(shape)).length < MEMBERS_MIN) return;
    const hasExample = ['examples', 'example', 'default'].some(
      (keyword) => Object.hasOwn(param.effective, keyword) || Object.hasOwn(shape, keyword),
    );
    if (hasExample || hasPhrase(param.text, ['e g', 'example', 'for instance'])) return;
    report({ message: `${quote(param.name)} has many members and no example.` });
  }),
};
