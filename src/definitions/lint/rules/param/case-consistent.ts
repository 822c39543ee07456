import { textParam, withParams } from '../../examples.ts';
import { quoteList } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { caseStyle, mostCommon } from '../../text/names.ts';

export const paramCaseConsistent: Rule = {
  id: 'param/case-consistent',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'All parameters of a server are written in one style.',
  rationale:
    'A model that has seen `per_page` writes `per_page`, also where the schema says `perPage`, and is refused or ignored.',
  hint: 'Write all parameters in the style that most of them have.',
  sources: ['survey'],
  bad: { tools: [withParams({ cover_letter: textParam(), sent_by: textParam(), fromCity: textParam() })] },
  good: { tools: [withParams({ cover_letter: textParam(), sent_by: textParam(), from_city: textParam() })] },
  check: (model, report) => {
    const main = mostCommon(model.tools.flatMap((tool) => tool.params.map(({ name }) => caseStyle(name))));
    if (main === undefined) return;
    for (const tool of model.tools) {
      const others = tool.params.filter(({ name }) => (caseStyle(name) ?? main) !== main);
      const [first] = others;
      if (first === undefined) continue;
      report({
        tool,
        path: first.path,
        message: `Not in ${main} case like most parameters: ${quoteList(others.map(({ name }) => name))}.`,
      });
    }
  },
};
