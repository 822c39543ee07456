import { GOOD, readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

const ORDERS: ReadonlySet<string> = new Set([
  'ALWAYS',
  'NEVER',
  'MUST',
  'IMPORTANT',
  'CRITICAL',
  'NOT',
  'ONLY',
  'WARNING',
  'REQUIRED',
  'MANDATORY',
  'CAUTION',
  'STOP',
  'EXTREMELY',
  'CRITICALLY',
  'ESSENTIAL',
  'CANNOT',
  'SHALL',
  'ATTENTION',
]);
const CAPITALS = /\b[A-Z]{3,}\b/g;
const COUNT_MIN = 3;

export const descShouting: Rule = {
  id: 'desc/shouting',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A description does not shout: fewer than three orders in capitals.',
  rationale:
    'What is emphasised three times is emphasised no more, models over-obey it in unrelated tasks, and scanners report it.',
  hint: 'Say it once, in a plain sentence with its reason.',
  sources: ['anthropic', 'poisoning'],
  bad: { tools: [readTool({ description: `${GOOD} IMPORTANT: ALWAYS search first. NEVER guess.` })] },
  good: { tools: [readTool({ description: `${GOOD} Search first; guessed numbers are refused.` })] },
  check: eachTool((tool, report) => {
    const count = (tool.description.match(CAPITALS) ?? []).filter((word) => ORDERS.has(word)).length;
    if (count >= COUNT_MIN)
      report({ tool, path: '/description', message: `The description gives ${count} orders in capitals.` });
  }),
};
