import { eachContract } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const guardTimeout: Rule = {
  id: 'guard/timeout',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'A tool has a total deadline.',
  rationale: 'One upstream that trickles holds a slot for ever.',
  hint: 'Set a timeout.',
  sources: ['breakwater'],
  bad: { tools: [bareTool()], contracts: { sync_ledger: exampleContract({}, 'timeoutMs') } },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachContract(({ timeoutMs }, tool, report) => {
    if (timeoutMs === undefined || timeoutMs <= 0) report({ tool, message: 'The tool has no deadline.' });
  }),
};
