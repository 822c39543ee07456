import { eachError } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const CODE = /^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|[a-z][a-z0-9]*(?:_[a-z0-9]+)*)$/;

export const errorCodeFormat: Rule = {
  id: 'error/code-format',
  severity: 'error',
  provenance: 'guideline',
  summary: 'An error code is one word in capitals or in small letters, joined by underscores.',
  rationale: 'Programs compare it. A code with spaces or changing case is taken for a message and rewritten.',
  hint: 'Write it as NOT_FOUND or not_found.',
  sources: ['breakwater'],
  bad: {
    tools: [bareTool()],
    contracts: {
      sync_ledger: exampleContract({
        errors: {
          'Ledger locked': { retryable: false, recovery: 'Wait until the nightly closing is over.' },
        },
      }),
    },
  },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachError(({ code }, tool, report) => {
    if (code.length > 64 || !CODE.test(code))
      report({ tool, message: `The error code ${quote(code)} is not a code.` });
  }),
};
