import { LINT_COMPILED_SUBSCHEMAS_MAX, LINT_PARAMS_MAX } from '../../../../platform/limits.ts';
import { readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const serverExamined: Rule = {
  id: 'server/examined',
  severity: 'error',
  provenance: 'security',
  isAlwaysOn: true,
  summary: 'Every definition is of a form and a size that can be examined.',
  rationale:
    'Whatever is too large, too deep or too many is left out of every other rule. Hiding behind that must not look clean.',
  hint: 'Make the definition smaller: no host can show a model this one.',
  sources: ['poisoning'],
  bad: { tools: [readTool(), 'not a tool'] },
  good: { tools: [readTool()] },
  check: (model, report) => {
    for (const { index, name, reason } of model.unexamined) {
      report({
        path: `/tools/${index}`,
        message: `The definition ${name === '' ? 'of a tool' : quote(name)} ${reason}; it was not examined.`,
      });
    }
    const examined = model.tools.length + model.unexamined.length;
    if (model.toolCount > examined)
      report({
        path: '/tools',
        message: `Only the first ${examined} of ${model.toolCount} tools were examined.`,
      });
    if (model.leftOutItems > 0)
      report({ message: `${model.leftOutItems} resources, templates or prompts were not examined.` });
    const subschemas = model.tools.reduce((sum, tool) => sum + tool.inputNodes.length, 0);
    if (subschemas > LINT_COMPILED_SUBSCHEMAS_MAX) {
      report({
        path: '/tools',
        message: `Of ${subschemas} subschemas only the first ${LINT_COMPILED_SUBSCHEMAS_MAX} were compiled.`,
      });
    }
    for (const tool of model.tools) {
      if (tool.params.length >= LINT_PARAMS_MAX)
        report({
          tool,
          path: '/inputSchema',
          message: `Only the first ${LINT_PARAMS_MAX} parameters were examined.`,
        });
    }
  },
};
