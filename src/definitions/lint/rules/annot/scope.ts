import { eachContract } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const annotScope: Rule = {
  id: 'annot/scope',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool that changes something requires a scope.',
  rationale: 'Without one, a token that was given out for reading can write.',
  hint: 'Declare the scope that a caller needs.',
  sources: ['breakwater'],
  bad: { tools: [bareTool()], contracts: { sync_ledger: exampleContract({ scopes: [] }) } },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachContract((contract, tool, report) => {
    if (!tool.isReadOnly && contract.scopes?.length === 0)
      report({ tool, message: 'Any token may call the tool, although it changes something.' });
  }),
};
