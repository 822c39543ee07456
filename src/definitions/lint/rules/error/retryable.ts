import { eachError } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const errorRetryable: Rule = {
  id: 'error/retryable',
  severity: 'error',
  provenance: 'guideline',
  summary: 'Each declared error says whether to retry.',
  rationale: 'Otherwise an agent retries everything, or nothing.',
  hint: 'Add `retryable: true` or `false`.',
  sources: ['breakwater'],
  bad: {
    tools: [bareTool()],
    contracts: {
      sync_ledger: exampleContract({
        errors: { BANK_CLOSED: { recovery: 'Wait until the bank opens on the next day.' } },
      }),
    },
  },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachError(({ code, error }, tool, report) => {
    if (typeof error.retryable !== 'boolean')
      report({ tool, message: `${quote(code)} does not say whether to retry.` });
  }),
};
