import { readTool, withSchema } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isComposed, isObjectNode, isOpen } from '../../schema-shape.ts';

export const schemaAdditionalProperties: Rule = {
  id: 'schema/additional-properties',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'The input schema refuses parameters that it does not know.',
  rationale:
    'Models invent parameters. One that is ignored in silence reads as one that had an effect: `dry_run: true` on a tool without it.',
  hint: 'Add `"additionalProperties": false`, and make the server enforce it.',
  sources: ['breakwater', 'openai', 'survey'],
  fix: 'safe',
  bad: { tools: [withSchema({ additionalProperties: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const [root] = tool.inputNodes;
    if (root === undefined || !isObjectNode(root) || isComposed(tool.input) || !isOpen(tool.input)) return;
    report({
      tool,
      path: '/inputSchema',
      message: 'Unknown parameters are let through.',
      fix: { isSafe: true, edits: [{ op: 'add', path: '/inputSchema/additionalProperties', value: false }] },
    });
  }),
};
