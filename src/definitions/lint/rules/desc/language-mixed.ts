import { bareTool, readTool } from '../../examples.ts';
import type { Rule } from '../../rule.ts';
import { mostCommon } from '../../text/names.ts';
import { scriptsOf } from '../../text/scripts.ts';

export const descLanguageMixed: Rule = {
  id: 'desc/language-mixed',
  severity: 'info',
  provenance: 'guideline',
  summary: 'All descriptions of a server are in one language.',
  rationale:
    'Tool search compares words. A tool that is described in another language than the request is found less often.',
  hint: 'Write all of them in the language of the agent’s users, or in English.',
  sources: ['survey'],
  bad: {
    tools: [
      readTool(),
      bareTool({
        description:
          'Fetch new payments and store them. Use it before looking at open items. Safe to retry. Возвращает число новых платежей. Returns a number.',
      }),
    ],
  },
  good: { tools: [readTool(), bareTool()] },
  check: (model, report) => {
    const scripts = model.tools.map((tool) => scriptsOf(tool.description));
    const main = mostCommon(scripts.map(([first]) => first));
    model.tools.forEach((tool, index) => {
      const others = (scripts[index] ?? []).filter((script) => script !== main);
      if (main === undefined || others.length === 0) return;
      report({
        tool,
        path: '/description',
        message: `The description is partly ${others.join(' and ')}, most others are ${main}.`,
      });
    });
  },
};
