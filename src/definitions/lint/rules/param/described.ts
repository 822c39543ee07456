import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';

export const paramDescribed: Rule = {
  id: 'param/described',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'Every parameter has a description.',
  rationale:
    'A name leaves open the format, where the value comes from, and what happens without it. A third of public parameters have none.',
  hint: 'Describe format, source and an example: "GitHub login, e.g. octocat".',
  sources: ['breakwater', 'anthropic', 'anthropic-directory', 'survey'],
  bad: { tools: [withParams({ subject: textParam({ description: undefined }) })] },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachParam((param, report) => {
    if (param.description.trim() === '') report({ message: `${quote(param.name)} has no description.` });
  }),
};
