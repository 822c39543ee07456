import { textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { propertiesOf } from '../../schema-shape.ts';

const COUNT_WARNING = 10;
const COUNT_ERROR = 20;

export const paramCount: Rule = {
  id: 'param/count',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool has at most 10 parameters.',
  rationale: 'The more there are, the more often a model fills in one that it should have left alone.',
  hint: 'Split the tool, or group what belongs together in one object.',
  sources: ['survey'],
  bad: {
    tools: [
      withParams(
        Object.fromEntries(
          ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'].map(
            (word) => [`${word}_word`, textParam()],
          ),
        ),
      ),
    ],
  },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachTool((tool, report) => {
    const count = Object.keys(propertiesOf(tool.input)).length;
    if (count <= COUNT_WARNING) return;
    report({
      tool,
      path: '/inputSchema/properties',
      severity: count > COUNT_ERROR ? 'error' : 'warning',
      message: `The tool has ${count} parameters.`,
    });
  }),
};
