import { eachError, isRepeatable } from '../../contract.ts';
import { exampleContract, writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const UNKNOWN = /(?:^|_)(?:timeout|timed_out|connection_lost|unknown|aborted)(?:_|$)/i;

export const errorNonRetryableWrite: Rule = {
  id: 'error/non-retryable-write',
  severity: 'error',
  provenance: 'guideline',
  summary: 'A timeout of a write that is not idempotent is not retryable.',
  rationale: 'The write may have happened. Declared retryable, it happens twice.',
  hint: 'Declare it not retryable, with an unknown commit state.',
  sources: ['breakwater'],
  bad: {
    tools: [writeTool()],
    contracts: {
      create_quote: exampleContract({
        errors: {
          LEDGER_TIMEOUT: { retryable: true, recovery: 'Look for the quote before creating it again.' },
        },
      }),
    },
  },
  good: { tools: [writeTool()], contracts: { create_quote: exampleContract() } },
  check: eachError(({ code, error }, tool, report) => {
    if (UNKNOWN.test(code.slice(0, 64)) && error.retryable === true && !isRepeatable(tool))
      report({ tool, message: `${quote(code)} is declared retryable, and the write may have happened.` });
  }),
};
