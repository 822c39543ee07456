import { GOOD, readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { findPhrase } from '../../text/words.ts';

const INTERNALS = [
  'error responses',
  '400 bad request',
  '401 unauthorized',
  '404 not found',
  '500 internal server error',
  'http status code',
  'stored procedure',
  'wrapper around the',
  'wraps the',
  'rest endpoint',
  'graphql mutation',
  'graphql query',
  'database table',
] as const;
const REQUEST_LINE = /\b(?:GET|POST|PUT|PATCH|DELETE) \/[a-z{]/;

export const descNoImplementation: Rule = {
  id: 'desc/no-implementation',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A description speaks of what the tool does, not of how it is built.',
  rationale:
    'Endpoints, tables and status codes are copied from API documentation. A model cannot act on them and pays for them.',
  hint: 'Leave them out.',
  sources: ['survey'],
  bad: { tools: [readTool({ description: `${GOOD} Error responses: 400 bad request.` })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const found = findPhrase(tool.text, INTERNALS) ?? REQUEST_LINE.exec(tool.description)?.[0].slice(0, -2);
    if (found !== undefined) {
      report({
        tool,
        path: '/description',
        message: `The description speaks of its implementation: ${quote(found)}.`,
      });
    }
  }),
};
