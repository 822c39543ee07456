import { bareTool, exampleServer, manyTools, readTool, withParams } from '../../examples.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';
import { createSnapshot } from '../../snapshot.ts';
import type { LintInput } from '../../input.ts';
import type { JsonObject } from '../../../../platform/json.ts';

function since(before: JsonObject, now: JsonObject): LintInput {
  return { tools: [now], snapshot: createSnapshot([before]) };
}

function withParam(schema: JsonObject): JsonObject {
  return withParams({ a: schema });
}

ruleTable('server', {
  'server/no-tools': {
    valid: [{ tools: [readTool()] }],
    invalid: [{ tools: [] }, { tools: [], resources: [{ uri: 'a://b' }] }],
  },
  'server/examined': {
    valid: [{ tools: [readTool()] }],
    invalid: [
      { input: { tools: [null] }, paths: ['/tools/0'] },
      { tools: ['x', readTool()] },
      { tools: [readTool({ description: 'x'.repeat(300_000) })] },
      { tools: [readTool()], resources: [5] },
      { input: { tools: Array.from({ length: 1_001 }, () => ({ name: 'a' })) }, says: 'first 1000 of 1001' },
    ],
  },
  'server/tool-count': {
    valid: [{ tools: manyTools(20) }],
    invalid: [
      { input: { tools: manyTools(21) }, severities: ['warning'] },
      { input: { tools: manyTools(129) }, severities: ['error'] },
    ],
  },
  'server/token-budget': {
    valid: [{ tools: [readTool()] }],
    invalid: [{ tools: [readTool({ description: 'x'.repeat(45_000) })] }],
  },
  'server/instructions': {
    valid: [{ tools: [readTool()] }, { tools: [readTool()], server: exampleServer() }],
    invalid: [
      { input: { tools: [readTool()], server: { name: 'a' } }, severities: ['info'] },
      {
        input: { tools: [readTool()], server: { instructions: 'x'.repeat(2_049) } },
        severities: ['warning'],
      },
    ],
  },
  'server/version-match': {
    valid: [
      { tools: [readTool()], server: { version: '1.0.0' } },
      { tools: [readTool()], server: { version: '1.0.0', packageVersion: '1.0.0' } },
    ],
    invalid: [{ tools: [readTool()], server: { version: '1.0.0', packageVersion: '1.0.1' } }],
  },
  'server/drift': {
    valid: [
      { tools: [readTool()] },
      since(readTool(), readTool()),
      // The order of members means nothing.
      since(readTool(), Object.fromEntries(Object.entries(readTool()).reverse())),
    ],
    invalid: [
      {
        input: { tools: [readTool()], snapshot: createSnapshot([readTool(), bareTool()]) },
        says: '`sync_ledger` is gone',
      },
      {
        input: since(readTool(), readTool({ description: 'Other.' })),
        paths: ['/description'],
        severities: ['error'],
      },
      {
        input: { tools: [readTool(), bareTool()], snapshot: createSnapshot([readTool()]) },
        severities: ['info'],
      },
      {
        input: since(readTool(), readTool({ annotations: { readOnlyHint: false } })),
        says: 'readOnlyHint was true',
      },
      { input: since(readTool(), withParam({ type: 'string' })), severities: ['info'] },
      { input: since(withParam({ type: 'string' }), readTool()), severities: ['error'], says: '`a` is gone' },
      { input: since(withParam({ type: 'string' }), withParam({ type: 'number' })), severities: ['error'] },
      {
        input: since(withParam({ type: 'string' }), withParam({ type: ['string', 'null'] })),
        severities: ['info'],
      },
      { input: since(withParam({ enum: ['a', 'b'] }), withParam({ enum: ['a'] })), severities: ['error'] },
      { input: since(withParam({ enum: ['a'] }), withParam({ enum: ['a', 'b'] })), severities: ['info'] },
      { input: since(withParam({ maxLength: 5 }), withParam({ maxLength: 4 })), severities: ['error'] },
      { input: since(withParam({ maxLength: 5 }), withParam({ maxLength: 6 })), severities: ['info'] },
      { input: since(withParam({ minimum: 1 }), withParam({ minimum: 2 })), severities: ['error'] },
    ],
  },
  'server/dependency-schema': {
    valid: [since(readTool(), readTool()), since(bareTool(), bareTool()), { tools: [bareTool()] }],
    invalid: [
      { input: since(readTool(), readTool({ inputSchema: { type: 'object' } })), paths: ['/inputSchema'] },
    ],
  },
});
