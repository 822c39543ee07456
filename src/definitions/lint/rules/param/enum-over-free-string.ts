import { textParam, withParams } from '../../examples.ts';
import { quote, quoteList } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { listedValues } from '../../text/listed-values.ts';

export const paramEnumOverFreeString: Rule = {
  id: 'param/enum-over-free-string',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'Where only certain values are accepted, the schema is an enum.',
  rationale:
    'A host offers the values of an enum and refuses others before the call. A list in prose is followed most of the time.',
  hint: 'Write the values as an enum.',
  sources: ['breakwater', 'openai'],
  fix: 'unsafe',
  bad: {
    tools: [
      withParams({
        status: textParam({ description: 'State of the invoice, one of open, paid or overdue.' }),
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        status: { type: 'string', enum: ['open', 'paid', 'overdue'], description: 'State of the invoice.' },
      }),
    ],
  },
  check: eachParam((param, report) => {
    const isFree =
      param.types.length === 1 &&
      param.types[0] === 'string' &&
      !['enum', 'const', 'pattern'].some((keyword) => Object.hasOwn(param.effective, keyword));
    const values = isFree ? listedValues(param.description) : undefined;
    if (values === undefined) return;
    report({
      message: `The description of ${quote(param.name)} lists its values: ${quoteList(values)}.`,
      fix: { isSafe: false, edits: [{ op: 'add', path: `${param.path}/enum`, value: values }] },
    });
  }),
};
