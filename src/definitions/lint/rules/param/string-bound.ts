import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';

const BOUNDS = ['maxLength', 'pattern', 'format', 'enum', 'const', 'contentEncoding'] as const;

export const paramStringBound: Rule = {
  id: 'param/string-bound',
  severity: 'info',
  strict: 'warning',
  provenance: 'guideline',
  summary: 'A text has a maximum length, a pattern, a format or an enum.',
  rationale:
    'An unbounded text is where whole files and pasted secrets end up, and what a pattern would have refused reaches the tool.',
  hint: 'Add maxLength, or say what the text looks like with a pattern or a format.',
  sources: ['survey'],
  bad: { tools: [withParams({ subject: textParam({ maxLength: undefined }) })] },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachParam((param, report) => {
    if (!param.types.includes('string') || BOUNDS.some((bound) => Object.hasOwn(param.effective, bound)))
      return;
    report({ message: `${quote(param.name)} may be a text of any length.` });
  }),
};
