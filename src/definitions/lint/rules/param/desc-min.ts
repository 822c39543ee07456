import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { textLength } from '../../text/length.ts';
import { isTautology } from '../../text/tautology.ts';

const CHARS_MIN = 10;

export const paramDescMin: Rule = {
  id: 'param/desc-min',
  severity: 'info',
  provenance: 'guideline',
  summary: 'The description of a parameter has 10 characters or more.',
  rationale: 'Fewer cannot say more than the name does.',
  hint: 'Describe format, source and an example.',
  sources: ['survey'],
  bad: { tools: [withParams({ subject: textParam({ description: 'A line' }) })] },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachParam((param, report) => {
    const length = textLength(param.description);
    if (length === 0 || length >= CHARS_MIN || isTautology(param.description, param.words)) return;
    report({
      at: '/description',
      message: `The description of ${quote(param.name)} has ${length} characters.`,
    });
  }),
};
