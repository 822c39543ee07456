import { readTool, withOutputs } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isListing } from '../../text/paging.ts';

const MARKS = [
  'next cursor',
  'cursor',
  'truncated',
  'is truncated',
  'has more',
  'total',
  'total count',
  'count',
  'next',
  'next page',
  'next page token',
  'page info',
  'pagination',
  'end cursor',
  'more',
  'remaining',
  'has next page',
  'next offset',
  'nextcursor',
] as const;

export const outputTruncationField: Rule = {
  id: 'output/truncation-field',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A list in a result says whether it is complete.',
  rationale:
    'Without `next_cursor`, `truncated` or a total, an agent takes the first page for everything and says so.',
  hint: 'Add `next_cursor`, or `truncated` with a total.',
  sources: ['anthropic'],
  bad: { tools: [withOutputs({ next_cursor: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const top = tool.outputs.filter(({ isTopLevel }) => isTopLevel);
    if (!isListing(tool) || !top.some(({ types }) => types.includes('array'))) return;
    const isMarked = top.some(({ words }) => MARKS.some((mark) => words.join(' ').endsWith(mark)));
    if (!isMarked)
      report({
        tool,
        path: '/outputSchema',
        message: 'Nothing in the result says whether the list is complete.',
      });
  }),
};
