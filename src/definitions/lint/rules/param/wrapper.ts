import { getTool, textParam } from '../../examples.ts';
import { isWrapper } from '../../param-shape.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const paramWrapper: Rule = {
  id: 'param/wrapper',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'Arguments are not wrapped in one object.',
  rationale:
    '`{"params": {…}}` is a level that models leave out, and its members lose their descriptions in some hosts.',
  hint: 'Lift the members of the object up to the root.',
  sources: ['survey'],
  bad: {
    tools: [
      getTool({
        inputSchema: {
          type: 'object',
          additionalProperties: false,
          required: ['params'],
          properties: {
            params: {
              type: 'object',
              additionalProperties: false,
              description: 'Which invoice is wanted.',
              properties: { subject: textParam() },
            },
          },
        },
      }),
    ],
  },
  good: { tools: [getTool()] },
  check: eachTool((tool, report) => {
    for (const param of tool.params) {
      if (isWrapper(param, tool))
        report({ tool, path: param.path, message: `All arguments are inside ${quote(param.name)}.` });
    }
  }),
};
