import { textParam, withParams } from '../../examples.ts';
import { isWrapper } from '../../param-shape.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';

const AMBIGUOUS: ReadonlySet<string> = new Set([
  'user',
  'id',
  'data',
  'value',
  'input',
  'params',
  'obj',
  'object',
  'item',
  'arg',
  'args',
  'info',
  'thing',
  'val',
  'str',
  'num',
  'var',
  'payload',
]);

export const paramAmbiguousName: Rule = {
  id: 'param/ambiguous-name',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'The name of a parameter says what it is.',
  rationale: '`user` may be a name, an id or an object. `user_id` is an id.',
  hint: 'Name it after what it holds: `user_id`, `invoice_number`.',
  sources: ['anthropic'],
  bad: { tools: [withParams({ user: textParam({ description: 'Who wrote the invoice, e.g. "jane".' }) })] },
  good: {
    tools: [withParams({ author_login: textParam({ description: 'Who wrote the invoice, e.g. "jane".' }) })],
  },
  check: eachParam((param, report, tool) => {
    if (!param.isTopLevel || !AMBIGUOUS.has(param.name.toLowerCase()) || isWrapper(param, tool)) return;
    report({ message: `${quote(param.name)} does not say what it is.` });
  }),
};
