import { eachContract, isRepeatable } from '../../contract.ts';
import { exampleContract, writeTool } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const guardRetryNonIdempotent: Rule = {
  id: 'guard/retry-non-idempotent',
  severity: 'error',
  provenance: 'guideline',
  summary: 'The runtime does not repeat calls of a tool that is not idempotent.',
  rationale: 'A call that failed late has happened. Repeating it sends the mail a second time.',
  hint: 'Switch retries off for the tool, or deduplicate its calls.',
  sources: ['breakwater', 'survey'],
  bad: { tools: [writeTool()], contracts: { create_quote: exampleContract({ retries: true }) } },
  good: { tools: [writeTool()], contracts: { create_quote: exampleContract() } },
  check: eachContract(({ retries }, tool, report) => {
    if (retries === true && !isRepeatable(tool))
      report({ tool, message: 'Failed calls are repeated, and the tool is not idempotent.' });
  }),
};
