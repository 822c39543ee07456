import { readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { DESCRIPTION_CHARS_MIN, textLength } from '../../text/length.ts';
import { hasPhrase } from '../../text/words.ts';

const GUIDANCE = [
  'use this',
  'use it',
  'use when',
  'use for',
  'use only',
  'use to',
  'used to',
  'used for',
  'used when',
  'when you',
  'when the',
  'when a',
  'when an',
  'useful',
  'helpful',
  'ideal for',
  'best for',
  'suited for',
  'not for',
  'instead of',
  'prefer',
  'do not use',
  'don t use',
  'only when',
  'only if',
  'if you',
  'call this',
  'call it',
  'should be called',
  'should be used',
  'must be called',
  'needed to',
  'required before',
] as const;

export const descWhenToUse: Rule = {
  id: 'desc/when-to-use',
  severity: 'info',
  strict: 'warning',
  provenance: 'guideline',
  summary: 'A description says when to use the tool, and when not.',
  rationale:
    'Of all parts of a description this one improves the choice of tools most; 70 % of public tools lack it.',
  hint: 'Add "Use it when …; for … use …".',
  sources: ['anthropic', 'arxiv-2602.18914', 'survey'],
  bad: {
    tools: [
      readTool({
        description:
          'Search the invoices of the current customer by text, newest first. Returns up to 100 invoices. Safe to retry.',
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (textLength(tool.description) < DESCRIPTION_CHARS_MIN || hasPhrase(tool.text, GUIDANCE)) return;
    report({ tool, path: '/description', message: 'The description does not say when to use the tool.' });
  }),
};
