import { eachContract } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const guardConcurrency: Rule = {
  id: 'guard/concurrency',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'Calls at the same time are limited in number.',
  rationale: 'Slow calls pile up until the process has no memory or no sockets left.',
  hint: 'Set a concurrency limit.',
  sources: ['breakwater'],
  bad: { tools: [bareTool()], contracts: { sync_ledger: exampleContract({ concurrency: false }) } },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachContract(({ concurrency }, tool, report) => {
    if (concurrency !== true) report({ tool, message: 'Any number of calls may run at once.' });
  }),
};
