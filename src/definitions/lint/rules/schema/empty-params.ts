import { bareTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isComposed, isOpen, propertiesOf } from '../../schema-shape.ts';

export const schemaEmptyParams: Rule = {
  id: 'schema/empty-params',
  severity: 'warning',
  provenance: 'spec',
  summary: 'A tool without parameters says so: `{"type": "object", "additionalProperties": false}`.',
  rationale: 'An empty open schema accepts anything, and models send something.',
  hint: 'Add `"additionalProperties": false`.',
  sources: ['mcp'],
  fix: 'safe',
  bad: { tools: [bareTool({ inputSchema: { type: 'object', properties: {} } })] },
  good: { tools: [bareTool()] },
  check: eachTool((tool, report) => {
    const isEmpty = tool.input['type'] === 'object' && Object.keys(propertiesOf(tool.input)).length === 0;
    if (!isEmpty || isComposed(tool.input) || !isOpen(tool.input)) return;
    report({
      tool,
      path: '/inputSchema',
      message: 'The tool has no parameters, and lets any through.',
      fix: { isSafe: true, edits: [{ op: 'add', path: '/inputSchema/additionalProperties', value: false }] },
    });
  }),
};
