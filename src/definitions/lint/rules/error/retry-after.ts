import { eachError } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const TEMPORARY =
  /(?:^|_)(?:rate_?limit(?:ed)?|unavailable|overloaded|busy|throttled|too_many_requests)(?:_|$)/i;

export const errorRetryAfter: Rule = {
  id: 'error/retry-after',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'An error that passes says after how long.',
  rationale: 'An agent that does not know waits too little, and makes it worse.',
  hint: 'Add the time to wait, in milliseconds.',
  sources: ['breakwater'],
  bad: {
    tools: [bareTool()],
    contracts: {
      sync_ledger: exampleContract({
        errors: {
          BANK_UNAVAILABLE: { retryable: true, recovery: 'Wait until the bank answers again, then repeat.' },
        },
      }),
    },
  },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachError(({ code, error }, tool, report) => {
    if (TEMPORARY.test(code.slice(0, 64)) && error.retryAfterMs === undefined)
      report({ tool, message: `${quote(code)} does not say how long to wait.` });
  }),
};
