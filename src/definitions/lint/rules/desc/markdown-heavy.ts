import { GOOD, readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

const CHARS_MIN = 400;
const SHARE_MAX = 0.3;

export const descMarkdownHeavy: Rule = {
  id: 'desc/markdown-heavy',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A description is prose: headings, tables and code blocks are at most 30 % of it.',
  rationale: 'Markup costs tokens in every conversation; details are read more often where they are needed.',
  hint: 'Move examples and tables to the parameters, to the instructions or to a resource.',
  sources: ['arxiv-2602.14878'],
  bad: {
    tools: [
      readTool({ description: `${GOOD}\n# Operators\n${'| word | what it stands for |\n'.repeat(8)}` }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (tool.description.length < CHARS_MIN) return;
    let isCode = false;
    let chars = 0;
    for (const line of tool.description.split('\n')) {
      const text = line.trim();
      const isFence = text.startsWith('```');
      if (isFence) isCode = !isCode;
      if (isCode || isFence || /^#{1,6} /.test(text) || /^\|.*\|$/.test(text)) chars += line.length + 1;
    }
    if (chars <= SHARE_MAX * tool.description.length) return;
    const share = Math.round((100 * chars) / tool.description.length);
    report({
      tool,
      path: '/description',
      message: `${share} % of the description are headings, tables and code.`,
    });
  }),
};
