import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { isTautology } from '../../text/tautology.ts';

export const paramDescTautology: Rule = {
  id: 'param/desc-tautology',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'The description of a parameter says more than its name.',
  rationale: '`user_id`: "The user id" is read in every conversation and tells nothing.',
  hint: 'Say the format and where the value comes from.',
  sources: ['arxiv-2602.14878'],
  bad: { tools: [withParams({ subject: textParam({ description: 'The subject' }) })] },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachParam((param, report) => {
    if (isTautology(param.description, param.words)) {
      report({
        at: '/description',
        message: `The description of ${quote(param.name)} only repeats the name.`,
      });
    }
  }),
};
