import { textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isComposed, isObjectNode, isOpen } from '../../schema-shape.ts';

export const schemaAdditionalPropertiesNested: Rule = {
  id: 'schema/additional-properties-nested',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'Objects inside the input refuse members that they do not know.',
  rationale: 'The same as for parameters: what a model invents one level down is ignored in silence.',
  hint: 'Add `"additionalProperties": false` there as well. A record keeps a schema for its members.',
  sources: ['breakwater', 'openai'],
  fix: 'safe',
  bad: {
    tools: [
      withParams({
        sender: { type: 'object', description: 'Who sent the invoice.', properties: { city: textParam() } },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        sender: {
          type: 'object',
          additionalProperties: false,
          description: 'Who sent the invoice.',
          properties: { city: textParam() },
        },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    const open = tool.inputNodes.filter((node) => {
      // Inside a combination it would forbid the members that the other branches define.
      const isPart =
        node.keyword === 'allOf' || ['not', 'if', 'then', 'else', 'dependentSchemas'].includes(node.keyword);
      return (
        node.parent !== undefined &&
        !isPart &&
        isObjectNode(node) &&
        !isComposed(node.schema) &&
        isOpen(node.schema)
      );
    });
    const [first] = open;
    if (first === undefined) return;
    report({
      tool,
      path: first.path,
      message: `Unknown members are let through in ${open.length === 1 ? 'an object' : `${open.length} objects`} inside the input.`,
      fix: {
        isSafe: true,
        edits: open.map(({ path }) => ({ op: 'add', path: `${path}/additionalProperties`, value: false })),
      },
    });
  }),
};
