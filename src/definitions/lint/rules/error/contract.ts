import { eachContract } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const errorContract: Rule = {
  id: 'error/contract',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'A tool declares the errors that it answers with.',
  rationale: 'An agent that knows the errors can tell "wait" from "ask the user" from "give up".',
  hint: 'Declare each error with its code, whether to retry, and what to do.',
  sources: ['breakwater'],
  bad: { tools: [bareTool()], contracts: { sync_ledger: exampleContract({}, 'errors') } },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachContract((contract, tool, report) => {
    if (Object.keys(contract.errors ?? {}).length === 0)
      report({ tool, message: 'The tool declares no errors.' });
  }),
};
