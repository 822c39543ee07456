import { eachContract } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

/** Milliseconds that hosts wait before they give up on a call. */
const PATIENCE_MS = 30_000;

export const annotLongRunning: Rule = {
  id: 'annot/long-running',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool that may take more than 30 s is a job, or reports progress.',
  rationale: 'Hosts give up after 30 to 60 s. The work goes on, and its result is lost.',
  hint: 'Make it a job that is asked for by id, or report progress.',
  sources: ['breakwater'],
  bad: {
    tools: [
      bareTool({
        description:
          'Fetch new payments from the bank and store them in the ledger; takes up to two minutes. Use it before looking at open items. Safe to retry. Returns their number.',
      }),
    ],
    contracts: { sync_ledger: exampleContract({ timeoutMs: 120_000 }) },
  },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachContract((contract, tool, report) => {
    if ((contract.timeoutMs ?? 0) <= PATIENCE_MS || contract.hasProgress === true) return;
    report({
      tool,
      message: `The tool may take ${Math.round((contract.timeoutMs ?? 0) / 1000)} s and reports no progress.`,
    });
  }),
};
