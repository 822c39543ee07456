import { bareTool, exampleContract, writeTool } from '../../examples.ts';
import type { LintContract, LintDeclaredError, LintInput } from '../../input.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

function contract(overrides: LintContract, omitted?: keyof LintContract): LintInput {
  return { tools: [bareTool()], contracts: { sync_ledger: exampleContract(overrides, omitted) } };
}

function error(code: string, declared: LintDeclaredError): LintInput {
  return contract({ errors: { [code]: declared } });
}

function writing(code: string, declared: LintDeclaredError, overrides: LintContract = {}): LintInput {
  return {
    tools: [writeTool()],
    contracts: { create_quote: exampleContract({ errors: { [code]: declared }, ...overrides }) },
  };
}

ruleTable('error', {
  'error/contract': {
    // What is not known is not wrong.
    valid: [contract({}), { tools: [bareTool()] }],
    invalid: [contract({}, 'errors'), contract({ errors: {} })],
  },
  'error/code-format': {
    valid: [error('NOT_FOUND', {}), error('not_found', {}), error('E404', {})],
    invalid: [
      error('NotFound', {}),
      error('not-found', {}),
      error('NOT__FOUND', {}),
      error('', {}),
      error('A'.repeat(65), {}),
    ],
  },
  'error/retryable': {
    valid: [error('A', { retryable: false })],
    invalid: [error('A', { recovery: 'Wait.' })],
  },
  'error/retry-after': {
    valid: [error('RATE_LIMITED', { retryAfterMs: 5 }), error('NOT_FOUND', {}), error('BUSYBODY', {})],
    invalid: [error('RATE_LIMITED', {}), error('bank_unavailable', { retryable: true }), error('BUSY', {})],
  },
  'error/recovery': {
    valid: [error('A', { recovery: 'Call list_projects for a valid id.' })],
    invalid: [error('A', { recovery: 'Bad request' }), error('A', {})],
  },
  'error/non-retryable-write': {
    valid: [
      writing('TIMEOUT', { retryable: false }),
      error('TIMEOUT', { retryable: true }),
      writing('TIMEOUT', { retryable: true }, { isDeduplicated: true }),
      writing('NOT_FOUND', { retryable: true }),
    ],
    invalid: [writing('TIMEOUT', { retryable: true }), writing('bank_connection_lost', { retryable: true })],
  },
});
