import { exampleResource, exampleTemplate, getTool, readTool } from '../../examples.ts';
import type { LintInput } from '../../input.ts';
import { output } from '../../fixtures/inputs.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';
import type { JsonObject } from '../../../../platform/json.ts';

function resource(overrides: JsonObject): LintInput {
  return { tools: [readTool()], resources: [exampleResource(overrides)] };
}

function template(overrides: JsonObject): LintInput {
  return { tools: [readTool()], resourceTemplates: [exampleTemplate(overrides)] };
}

const ONE = { type: 'object', properties: { path: { type: 'string' } } };

ruleTable('resource', {
  'resource/read-belongs': {
    valid: [
      { tools: [getTool()] },
      { tools: [getTool({ inputSchema: { type: 'object', properties: { count: { type: 'number' } } } })] },
      { tools: [getTool({ inputSchema: ONE, annotations: { readOnlyHint: false } })] },
      { tools: [getTool({ inputSchema: ONE, annotations: { readOnlyHint: true, idempotentHint: false } })] },
      output({ a: { type: 'array' } }, { name: 'get_all', inputSchema: { type: 'object' } }),
      { tools: [readTool({ inputSchema: ONE })] },
    ],
    invalid: [
      { tools: [getTool({ inputSchema: ONE })] },
      { tools: [getTool({ inputSchema: { type: 'object' }, outputSchema: undefined })] },
    ],
  },
  'resource/uri-valid': {
    valid: [
      resource({ uri: 'file:///a%20b' }),
      resource({ uri: 'config://current' }),
      template({ uriTemplate: 'x://{+path}{?q,r}' }),
    ],
    invalid: [
      { input: resource({ uri: 'no scheme' }), paths: ['/resources/0/uri'] },
      resource({ uri: '' }),
      { input: resource({ uri: 'https://me:secret@example.com/' }), says: 'credential' },
      { input: template({ uriTemplate: 'a b' }), paths: ['/resourceTemplates/0/uriTemplate'] },
    ],
  },
  'resource/template-params': {
    valid: [template({ uriTemplate: 'x://{a}/{b*}{?c,d:3}' }), template({ uriTemplate: '' })],
    invalid: [
      { input: template({ uriTemplate: 'x://{a' }), says: 'brace' },
      template({ uriTemplate: 'x://a}' }),
      template({ uriTemplate: 'x://{}' }),
      { input: template({ uriTemplate: 'x://{a}/{a}' }), says: 'twice' },
      { input: template({ uriTemplate: 'x://a' }), says: 'no variable' },
      template({ uriTemplate: 'x://{a b}' }),
    ],
  },
  'resource/name-not-uri': {
    valid: [resource({ name: 'rates' }), resource({ name: 'std: rates' })],
    invalid: [
      resource({ name: '' }),
      resource({ name: 'https://example.com' }),
      resource({ name: 'x', uri: 'x' }),
    ],
  },
  'resource/mime': {
    valid: [resource({ mimeType: 'text/plain; charset=utf-8' }), template({ mimeType: '' })],
    invalid: [resource({ mimeType: '' }), resource({ mimeType: 'json' }), template({ mimeType: 'json' })],
  },
  'resource/description': {
    valid: [resource({})],
    invalid: [resource({ description: ' ' }), template({ description: '' })],
  },
  'resource/size': {
    valid: [
      resource({ size: 0 }),
      {
        tools: [readTool()],
        resources: [exampleResource({ size: undefined, description: 'At most 4 pages.' })],
      },
      template({}),
    ],
    invalid: [{ tools: [readTool()], resources: [exampleResource({ size: undefined })] }],
  },
});
