import { readTool, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isCursor, isLimit, isListing } from '../../text/paging.ts';

export const paramPagination: Rule = {
  id: 'param/pagination',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool that lists or searches takes a limit and a cursor.',
  rationale: 'Without them the first large answer fills the context, and the rest of it cannot be asked for.',
  hint: 'Add `limit` (with maximum and default) and `cursor`, and return `next_cursor`.',
  sources: ['anthropic', 'survey'],
  bad: { tools: [withParams({ limit: undefined, cursor: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (!isListing(tool) || tool.params.some((param) => isLimit(param, tool) || isCursor(param))) return;
    report({
      tool,
      path: '/inputSchema',
      message: 'The tool lists, and takes neither a limit nor a cursor.',
    });
  }),
};
