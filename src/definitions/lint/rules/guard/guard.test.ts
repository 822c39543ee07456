import { bareTool, exampleContract, readTool, writeTool } from '../../examples.ts';
import type { LintContract, LintInput } from '../../input.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

function contract(overrides: LintContract, omitted?: keyof LintContract): LintInput {
  return { tools: [bareTool()], contracts: { sync_ledger: exampleContract(overrides, omitted) } };
}

const unknown: LintInput = { tools: [bareTool()] };

ruleTable('guard', {
  'guard/timeout': {
    valid: [unknown, contract({})],
    invalid: [contract({}, 'timeoutMs'), contract({ timeoutMs: 0 })],
  },
  'guard/response-cap': {
    valid: [unknown, contract({})],
    invalid: [contract({}, 'responseBytesMax'), contract({ responseBytesMax: 0 })],
  },
  'guard/rate-limit': {
    valid: [unknown, contract({})],
    invalid: [contract({}, 'rateLimit'), contract({ rateLimit: false })],
  },
  'guard/concurrency': { valid: [unknown, contract({})], invalid: [contract({}, 'concurrency')] },
  'guard/retry-non-idempotent': {
    valid: [
      contract({ retries: true }),
      { tools: [readTool()], contracts: { search_invoices: exampleContract({ retries: true }) } },
      {
        tools: [writeTool()],
        contracts: { create_quote: exampleContract({ retries: true, isDeduplicated: true }) },
      },
    ],
    invalid: [{ tools: [writeTool()], contracts: { create_quote: exampleContract({ retries: true }) } }],
  },
});
