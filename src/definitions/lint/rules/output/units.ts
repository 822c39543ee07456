import { withOutputs } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { measured } from '../../text/units.ts';

export const outputUnits: Rule = {
  id: 'output/units',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'The name of a number in a result ends in its unit.',
  rationale: 'A model passes `elapsed: 30` on to a person as whatever unit fits.',
  hint: 'Rename it, for example `elapsed` to `elapsed_ms`.',
  sources: ['breakwater'],
  bad: { tools: [withOutputs({ elapsed: { type: 'number', description: 'Time that the search took.' } })] },
  good: {
    tools: [withOutputs({ elapsed_ms: { type: 'number', description: 'Time that the search took.' } })],
  },
  check: eachTool((tool, report) => {
    for (const param of tool.outputs) {
      const quantity = measured(param);
      if (quantity !== undefined && quantity.unitInName === undefined)
        report({ tool, path: param.path, message: `${quote(param.name)} does not say in which unit it is.` });
    }
  }),
};
