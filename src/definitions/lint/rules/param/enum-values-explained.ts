import type { JsonValue } from '../../../../platform/json.ts';
import { withParams } from '../../examples.ts';
import { quote, quoteList } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { enumOf } from '../../schema-shape.ts';
import { wordsOf } from '../../text/words.ts';

/** Short values that everyone knows. */
const KNOWN: ReadonlySet<string> = new Set(
  'asc desc all any yes no on off new old low mid high get put post csv xml pdf png jpg jpeg gif svg md txt html json yaml day week min max sum avg and or not up down left in out us eu en de fr es it pt ja zh ko'.split(
    ' ',
  ),
);

function isObscure(value: JsonValue): value is string | number {
  if (typeof value === 'number') return true;
  if (typeof value !== 'string' || KNOWN.has(value.toLowerCase())) return false;
  return value.length <= 2 || /^[A-Z]{1,3}[0-9]*$/.test(value) || /^[a-z]?[0-9]+$/i.test(value);
}

export const paramEnumValuesExplained: Rule = {
  id: 'param/enum-values-explained',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'Values of an enum that do not explain themselves are explained.',
  rationale: '`sort: a | b` is a coin toss.',
  hint: 'Explain them in the description: "a = oldest first, b = newest first".',
  sources: ['breakwater', 'anthropic'],
  bad: {
    tools: [
      withParams({ sort: { type: 'string', enum: ['a', 'b'], description: 'Order of the invoices.' } }),
    ],
  },
  good: {
    tools: [
      withParams({
        sort: {
          type: 'string',
          enum: ['a', 'b'],
          description: 'Order of the invoices: a = oldest first, b = newest first.',
        },
      }),
    ],
  },
  check: eachParam((param, report) => {
    const words = new Set(wordsOf(param.description));
    const obscure = (enumOf(param.effective) ?? [])
      .filter(isObscure)
      .map((value) => String(value))
      .filter((value) => !words.has(value.toLowerCase()));
    if (obscure.length < 2) return;
    report({ at: '/enum', message: `${quote(param.name)} does not explain ${quoteList(obscure)}.` });
  }),
};
