import { withParams } from '../../examples.ts';
import { quote, quoteList } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { enumOf } from '../../schema-shape.ts';

export const paramEnumNotSlugs: Rule = {
  id: 'param/enum-not-slugs',
  severity: 'info',
  provenance: 'guideline',
  summary: 'Values of an enum have no spaces and do not differ only in case.',
  rationale: 'Models normalise `In Progress` to `in_progress` and are refused.',
  hint: 'Use words in lower case, joined by underscores.',
  sources: ['openai'],
  bad: {
    tools: [
      withParams({
        status: { type: 'string', enum: ['open', 'In Progress'], description: 'State of the invoice.' },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        status: { type: 'string', enum: ['open', 'in_progress'], description: 'State of the invoice.' },
      }),
    ],
  },
  check: eachParam((param, report) => {
    const values = (enumOf(param.effective) ?? []).filter((value) => typeof value === 'string');
    const folded = new Set(values.map((value) => value.toLowerCase()));
    const spaced = values.filter((value) => /\s/.test(value));
    if (spaced.length === 0 && folded.size === new Set(values).size) return;
    const what = spaced.length > 0 ? `with spaces: ${quoteList(spaced)}` : 'that differ only in case';
    report({ at: '/enum', message: `The enum of ${quote(param.name)} has values ${what}.` });
  }),
};
