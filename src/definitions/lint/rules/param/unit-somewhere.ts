import { numberParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { measured } from '../../text/units.ts';

export const paramUnitSomewhere: Rule = {
  id: 'param/unit-somewhere',
  severity: 'error',
  provenance: 'guideline',
  summary: 'A number that measures something has its unit in its name or its description.',
  rationale:
    'Without a unit a model guesses between seconds and milliseconds, and is wrong by a factor of a thousand.',
  hint: 'Put the unit into the name (`timeout_ms`), or at least into the description.',
  sources: ['breakwater', 'survey'],
  bad: {
    tools: [withParams({ timeout: numberParam({ description: 'How long to wait for the archive, 1–50.' }) })],
  },
  good: {
    tools: [
      withParams({ timeout_s: numberParam({ description: 'How long to wait for the archive, 1–50.' }) }),
    ],
  },
  check: eachParam((param, report) => {
    const quantity = measured(param);
    if (quantity === undefined || quantity.unitInName !== undefined || quantity.unitsInText.size > 0) return;
    report({
      message: `Neither the name ${quote(param.name)} nor its description says in which unit it is.`,
    });
  }),
};
