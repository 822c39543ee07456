import type { JsonObject } from '../../../../platform/json.ts';
import { getTool, textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isComposed } from '../../schema-shape.ts';

export const schemaTypeArrayObject: Rule = {
  id: 'schema/type-array-object',
  severity: 'warning',
  provenance: 'portability',
  summary: 'A list of types contains neither object nor array.',
  rationale: 'Gemini answers `["object", "null"]` with an error that lasts for the whole session.',
  hint: 'Use anyOf with one type in each branch, or leave null out.',
  sources: ['gemini'],
  fix: 'safe',
  bad: {
    tools: [
      withParams(
        {
          sender: {
            type: ['object', 'null'],
            additionalProperties: false,
            description: 'Who sent the invoice.',
            properties: { city: textParam() },
          },
        },
        getTool(),
      ),
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
    for (const { schema, path } of tool.inputNodes) {
      const { type, description, title, default: fallback, ...rest } = schema;
      if (!Array.isArray(type) || !(type.includes('object') || type.includes('array'))) continue;
      const [first, second, ...more] = type.filter((one) => one !== 'null');
      const isSimple =
        typeof first === 'string' &&
        second === undefined &&
        more.length === 0 &&
        type.includes('null') &&
        !isComposed(schema);
      const value: JsonObject = {
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description }),
        ...(fallback === undefined ? {} : { default: fallback }),
        anyOf: [{ type: first ?? 'object', ...rest }, { type: 'null' }],
      };
      report({
        tool,
        path: `${path}/type`,
        message: 'A list of types contains an object or an array.',
        ...(isSimple ? { fix: { isSafe: true, edits: [{ op: 'add', path, value }] } } : {}),
      });
    }
  }),
};
