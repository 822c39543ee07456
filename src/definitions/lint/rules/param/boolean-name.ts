import { withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';

const EMPTY: ReadonlySet<string> = new Set(['flag', 'bool', 'boolean', 'toggle', 'switch', 'option']);
const NEGATIONS: ReadonlySet<string> = new Set([
  'no',
  'not',
  'disable',
  'disabled',
  'without',
  'dont',
  'never',
]);

export const paramBooleanName: Rule = {
  id: 'param/boolean-name',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A boolean is named after what it switches on.',
  rationale: '`no_cache: false` takes a second thought that models do not always take.',
  hint: 'Name it positively: `use_cache`, `include_archived`.',
  sources: ['anthropic'],
  bad: {
    tools: [withParams({ no_drafts: { type: 'boolean', description: 'Leaves out what is not sent yet.' } })],
  },
  good: {
    tools: [withParams({ include_drafts: { type: 'boolean', description: 'Also what is not sent yet.' } })],
  },
  check: eachParam((param, report) => {
    const [first, ...rest] = param.words;
    if (first === undefined || !param.types.includes('boolean') || param.types.length !== 1) return;
    const isNegated = NEGATIONS.has(first) && rest.length > 0;
    if (isNegated || (EMPTY.has(first) && rest.length === 0)) {
      report({
        message: `${quote(param.name)} ${isNegated ? 'is negated' : 'does not say what it switches'}.`,
      });
    }
  }),
};
