import { eachError } from '../../contract.ts';
import { bareTool, exampleContract } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { wordsOf } from '../../text/words.ts';

const WORDS_MIN = 5;

export const errorRecovery: Rule = {
  id: 'error/recovery',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'Each declared error says what to do next, in five words or more.',
  rationale:
    '"Bad request" leaves the model guessing. "Call list_projects for a valid project_id." does not.',
  hint: 'Name the next step.',
  sources: ['anthropic', 'breakwater'],
  bad: {
    tools: [bareTool()],
    contracts: {
      sync_ledger: exampleContract({
        errors: { BANK_CLOSED: { retryable: false, recovery: 'Bad request' } },
      }),
    },
  },
  good: { tools: [bareTool()], contracts: { sync_ledger: exampleContract() } },
  check: eachError(({ code, error }, tool, report) => {
    if (wordsOf(error.recovery ?? '').length < WORDS_MIN)
      report({ tool, message: `${quote(code)} does not say what to do next.` });
  }),
};
