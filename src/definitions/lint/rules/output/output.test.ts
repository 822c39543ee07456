import { readTool } from '../../examples.ts';
import { output } from '../../fixtures/inputs.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

const TEXT = { type: 'string', description: 'x' };

ruleTable('output', {
  'output/schema': {
    valid: [{ tools: [readTool()] }],
    invalid: [{ tools: [readTool({ outputSchema: undefined })] }],
  },
  'output/described': {
    valid: [output({ a: TEXT })],
    invalid: [{ input: output({ a: { type: 'string' }, b: TEXT, c: {} }), says: '`a`, `c`' }],
  },
  'output/units': {
    valid: [
      output({ elapsed_ms: { type: 'number' } }),
      output({ elapsed: { type: 'string' } }),
      output({ price: { type: 'number' }, currency: TEXT }),
    ],
    invalid: [output({ elapsed: { type: 'number' } }), output({ price: { type: 'number' } })],
  },
  'output/open': {
    valid: [
      output({ a: TEXT }),
      { tools: [readTool({ outputSchema: { type: 'object', additionalProperties: true } })] },
    ],
    invalid: [
      { tools: [readTool({ outputSchema: { type: 'object', additionalProperties: false } })] },
      output({ a: { type: 'array', items: { type: 'object', additionalProperties: false } } }),
    ],
  },
  'output/truncation-field': {
    valid: [
      output({ a: { type: 'array' }, next_cursor: TEXT }),
      output({ a: { type: 'array' }, hasMore: { type: 'boolean' } }),
      output({ a: { type: 'array' }, total_count: { type: 'integer' } }),
      output({ a: TEXT }),
      output({ a: { type: 'array' } }, { name: 'get_a' }),
    ],
    invalid: [output({ a: { type: 'array' } })],
  },
  'output/opaque-ids': {
    valid: [
      output({ a: { type: 'array', items: { type: 'object', properties: { id: TEXT, title: TEXT } } } }),
      output({ a: { type: 'array', items: TEXT } }),
      output({ id: TEXT }),
    ],
    invalid: [
      output({ a: { type: 'array', items: { type: 'object', properties: { id: TEXT, owner_id: TEXT } } } }),
    ],
  },
  'output/token-cost': {
    valid: [output({ a: TEXT })],
    invalid: [output({ a: { type: 'string', description: 'x'.repeat(3000) } })],
  },
  'output/secret-field': {
    valid: [
      output({ next_page_token: TEXT }),
      output({ key: TEXT }),
      output({ has_password: { type: 'boolean' } }),
      output({ token: { type: 'string', description: 'Of the next page.' } }),
    ],
    invalid: [output({ password: TEXT }), output({ accessToken: TEXT })],
  },
});
