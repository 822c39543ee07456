import { isJsonObject } from '../../../../platform/json.ts';
import { readTool, withSchema } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const schemaObjectRoot: Rule = {
  id: 'schema/object-root',
  severity: 'error',
  provenance: 'spec',
  summary: 'The input schema is an object schema with `type: "object"`.',
  rationale:
    'Clients drop the tool otherwise, Gemini the whole request. Generators leave the type out when a tool has no parameters.',
  hint: 'Add `"type": "object"`.',
  sources: ['mcp', 'gemini', 'survey'],
  fix: 'safe',
  bad: { tools: [withSchema({ type: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const schema = tool.raw['inputSchema'];
    if (isJsonObject(schema) && schema['type'] === 'object') return;
    const hasProperties =
      isJsonObject(schema) && schema['type'] === undefined && isJsonObject(schema['properties']);
    report({
      tool,
      path: '/inputSchema',
      message: isJsonObject(schema)
        ? 'The input schema is not of type object.'
        : 'The tool has no input schema.',
      ...(hasProperties
        ? { fix: { isSafe: true, edits: [{ op: 'add', path: '/inputSchema/type', value: 'object' }] } }
        : {}),
    });
  }),
};
