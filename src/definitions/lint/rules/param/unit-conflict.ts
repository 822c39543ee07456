import { numberParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { measured, TIME_UNITS, unitsInText } from '../../text/units.ts';
import { wordsOf } from '../../text/words.ts';

/** "in seconds" and the like: the text states its unit, and does not just mention one. */
function statedUnits(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const before = words[index - 1];
    const isStated = before === 'in' || (before === 'of' && words[index - 2] === 'number') || index === 0;
    return isStated ? [...unitsInText([word])].filter((unit) => TIME_UNITS.has(unit)) : [];
  });
}

export const paramUnitConflict: Rule = {
  id: 'param/unit-conflict',
  severity: 'error',
  provenance: 'guideline',
  summary: 'Name and description give the same unit.',
  rationale: 'Whichever of the two the model believes, one of them makes it wrong by a factor of a thousand.',
  hint: 'Find out which unit the tool takes and mend the other one.',
  sources: ['breakwater'],
  bad: {
    tools: [withParams({ wait_ms: numberParam({ description: 'Wait for the archive in seconds, 1–50.' }) })],
  },
  good: {
    tools: [
      withParams({ wait_ms: numberParam({ description: 'Wait for the archive in milliseconds, 1–50.' }) }),
    ],
  },
  check: eachParam((param, report) => {
    const quantity = measured(param);
    const unit = quantity?.unitInName;
    if (unit === undefined || !TIME_UNITS.has(unit)) return;
    const stated = statedUnits(wordsOf(param.description));
    const [first] = stated;
    if (first === undefined || stated.includes(unit)) return;
    report({
      at: '/description',
      message: `The name ${quote(param.name)} says ${unit}, the description ${first}.`,
    });
  }),
};
