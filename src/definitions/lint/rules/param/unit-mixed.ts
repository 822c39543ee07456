import { numberParam, withParams, writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { measured, TIME_UNITS } from '../../text/units.ts';

export const paramUnitMixed: Rule = {
  id: 'param/unit-mixed',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A server gives times for the same purpose in one unit.',
  rationale:
    'With `timeout_ms` in one tool and `timeout_s` in the next, a model carries the number over and not the unit.',
  hint: 'Use one unit in all tools.',
  sources: ['breakwater'],
  bad: {
    tools: [
      withParams({ wait_ms: numberParam({ description: 'Wait for the archive in milliseconds, 1–50.' }) }),
      withParams(
        { wait_s: numberParam({ description: 'Wait for the ledger in seconds, 1–50.' }) },
        writeTool(),
      ),
    ],
  },
  good: {
    tools: [
      withParams({ wait_s: numberParam({ description: 'Wait for the archive in seconds, 1–50.' }) }),
      withParams(
        { wait_s: numberParam({ description: 'Wait for the ledger in seconds, 1–50.' }) },
        writeTool(),
      ),
    ],
  },
  check: (model, report) => {
    const seen = new Map<string, { readonly unit: string; readonly name: string }>();
    for (const tool of model.tools) {
      for (const param of tool.params) {
        const unit = measured(param)?.unitInName;
        if (unit === undefined || !TIME_UNITS.has(unit)) continue;
        const concept = param.words.slice(0, -1).join(' ');
        const earlier = seen.get(concept);
        if (earlier === undefined) seen.set(concept, { unit, name: param.name });
        else if (earlier.unit !== unit) {
          report({
            tool,
            path: param.path,
            message: `${quote(param.name)} is in ${unit}, ${quote(earlier.name)} of an earlier tool in ${earlier.unit}.`,
          });
        }
      }
    }
  },
};
