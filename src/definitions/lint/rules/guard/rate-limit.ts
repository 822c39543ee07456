import { eachContract } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const guardRateLimit: Rule = {
  id: 'guard/rate-limit',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'Calls are limited in rate.',
  rationale: 'An agent in a loop calls thousands of times before a person looks.',
  hint: 'Set a rate limit.',
  sources: ['breakwater'],
  bad: { tools: [bareTool()], contracts: { sync_ledger: exampleContract({ rateLimit: false }) } },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachContract(({ rateLimit }, tool, report) => {
    if (rateLimit !== true) report({ tool, message: 'The tool has no rate limit.' });
  }),
};
