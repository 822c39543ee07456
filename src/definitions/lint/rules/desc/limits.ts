import { exampleContract, readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

/** Milliseconds from which on an agent should know that it has to wait. */
const SLOW_MS = 10_000;
const DURATIONS = [
  'second',
  'seconds',
  'minute',
  'minutes',
  'hour',
  'hours',
  'ms',
  'slow',
  'takes',
  'long running',
] as const;

export const descLimits: Rule = {
  id: 'desc/limits',
  severity: 'info',
  provenance: 'guideline',
  summary: 'The description of a slow tool says how long it takes.',
  rationale: 'A model that does not expect to wait takes silence for a failure and calls again.',
  hint: 'Add "Takes up to … s."',
  sources: ['arxiv-2602.14878'],
  bad: { tools: [readTool()], contracts: { search_invoices: exampleContract({ timeoutMs: 20_000 }) } },
  good: { tools: [readTool()], contracts: { search_invoices: exampleContract() } },
  check: eachTool((tool, report) => {
    const timeoutMs = tool.contract?.timeoutMs;
    if (timeoutMs === undefined || timeoutMs <= SLOW_MS || hasPhrase(tool.text, DURATIONS)) return;
    report({
      tool,
      path: '/description',
      message: `The tool may take ${Math.round(timeoutMs / 1000)} s, and the description does not say so.`,
    });
  }),
};
