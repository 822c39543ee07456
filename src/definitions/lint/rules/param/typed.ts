import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';

const TYPING = [
  'type',
  'enum',
  'const',
  '$ref',
  '$dynamicRef',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'if',
  'properties',
  'items',
  'prefixItems',
] as const;

export const paramTyped: Rule = {
  id: 'param/typed',
  severity: 'error',
  provenance: 'portability',
  summary: 'Every parameter has a type.',
  rationale:
    'Without one anything passes, models send text where an object is wanted, and Gemini refuses the tool.',
  hint: 'Add a type, an enum or a reference.',
  sources: ['gemini', 'openai'],
  bad: { tools: [withParams({ subject: { description: 'Part of the subject line, e.g. "overdue".' } })] },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachParam((param, report) => {
    if (!TYPING.some((keyword) => Object.hasOwn(param.schema, keyword)))
      report({ message: `${quote(param.name)} has no type.` });
  }),
};
