import { eachContract } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const guardResponseCap: Rule = {
  id: 'guard/response-cap',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'A result has a maximum size.',
  rationale: 'One large result fills the memory of the process and the context of the agent.',
  hint: 'Set a response cap.',
  sources: ['breakwater'],
  bad: { tools: [bareTool()], contracts: { sync_ledger: exampleContract({}, 'responseBytesMax') } },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachContract(({ responseBytesMax }, tool, report) => {
    if (responseBytesMax === undefined || responseBytesMax <= 0)
      report({ tool, message: 'The result may have any size.' });
  }),
};
