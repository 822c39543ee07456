import { numberParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { measured } from '../../text/units.ts';

export const paramUnitInName: Rule = {
  id: 'param/unit-in-name',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'The name of a number that measures something ends in its unit.',
  rationale:
    'A model fills in `timeout` from memory of other tools, where it was seconds or milliseconds. `timeout_ms` cannot be ' +
    'misread, in a log neither.',
  hint: 'Rename it, for example `timeout` to `timeout_ms`. That breaks callers: accept both for a while.',
  sources: ['breakwater'],
  bad: {
    tools: [withParams({ timeout: numberParam({ description: 'Seconds to wait for the archive, 1–50.' }) })],
  },
  good: {
    tools: [
      withParams({ timeout_s: numberParam({ description: 'Seconds to wait for the archive, 1–50.' }) }),
    ],
  },
  check: eachParam((param, report) => {
    const quantity = measured(param);
    if (quantity === undefined || quantity.unitInName !== undefined || quantity.unitsInText.size === 0)
      return;
    const [unit] = quantity.unitsInText;
    report({ message: `${quote(param.name)} is in ${unit ?? ''}, and only its description says so.` });
  }),
};
