import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { isTautology } from '../../text/tautology.ts';
import { identifiersIn } from '../../text/texts.ts';
import { hasPhrase } from '../../text/words.ts';

const SOURCES_OF_IDS = [
  'from',
  'returned by',
  'e g',
  'eg',
  'example',
  'such as',
  'like',
  'see',
  'obtained',
  'url',
  'format',
  'found in',
  'listed by',
  'use',
  'uuid',
  'optional',
] as const;

export const paramIdProvenance: Rule = {
  id: 'param/id-provenance',
  severity: 'info',
  provenance: 'guideline',
  summary: 'An id says where it comes from, or gives an example.',
  rationale: 'A model that does not know where to get an id makes one up.',
  hint: 'Add "from list_customers" or "e.g. cus_123".',
  sources: ['anthropic'],
  bad: {
    tools: [
      withParams({ customer_id: textParam({ description: 'The customer whose invoices are searched.' }) }),
    ],
  },
  good: {
    tools: [
      withParams({
        customer_id: textParam({ description: 'The customer whose invoices are searched, e.g. cus_123.' }),
      }),
    ],
  },
  check: eachParam((param, report, tool) => {
    const [noun, last] = param.words.slice(-2);
    if (last !== 'id' || noun === undefined || noun === 'id' || param.description === '' || !param.isTopLevel)
      return;
    const isDefined = ['enum', 'pattern', 'examples', 'default', 'const'].some((keyword) =>
      Object.hasOwn(param.effective, keyword),
    );
    if (
      isDefined ||
      hasPhrase(param.text, SOURCES_OF_IDS) ||
      identifiersIn(param.description).length > 0 ||
      isTautology(param.description, param.words)
    )
      return;
    if (tool.text.includes(` ${noun} id`)) return;
    report({ at: '/description', message: `${quote(param.name)} does not say where it comes from.` });
  }),
};
