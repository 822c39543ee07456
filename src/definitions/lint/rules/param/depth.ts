import type { JsonObject } from '../../../../platform/json.ts';
import { textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import type { SchemaNode } from '../../schema-walk.ts';

const DEPTH_MAX = 4;

export const paramDepth: Rule = {
  id: 'param/depth',
  severity: 'warning',
  provenance: 'portability',
  summary: 'Arguments nest at most 4 levels deep.',
  rationale: 'Small models lose count of the braces, and providers bound the depth.',
  hint: 'Flatten the arguments, or split the tool.',
  sources: ['gemini'],
  bad: {
    tools: [
      withParams({
        filter: ['sender', 'address', 'place', 'country'].reduceRight<JsonObject>(
          (inner, name) => ({
            type: 'object',
            additionalProperties: false,
            description: 'Narrows the search down further.',
            properties: { [name]: inner },
          }),
          textParam(),
        ),
      }),
    ],
  },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachTool((tool, report) => {
    const deepest = tool.inputNodes.reduce<SchemaNode | undefined>(
      (best, node) => (best === undefined || node.depth > best.depth ? node : best),
      undefined,
    );
    if (deepest === undefined || deepest.depth <= DEPTH_MAX) return;
    report({ tool, path: deepest.path, message: `The arguments nest ${deepest.depth} levels deep.` });
  }),
};
