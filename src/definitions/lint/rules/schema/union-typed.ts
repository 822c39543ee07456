import { withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

const TYPING = [
  'type',
  '$ref',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'properties',
  'items',
] as const;

export const schemaUnionTyped: Rule = {
  id: 'schema/union-typed',
  severity: 'warning',
  provenance: 'portability',
  summary: 'Every branch of a union has a type.',
  rationale: 'Hosts translate each branch by itself, and have nothing to go by.',
  hint: 'Add a type to each branch.',
  sources: ['gemini'],
  bad: {
    tools: [
      withParams({
        subject: {
          description: 'Part of the subject line.',
          anyOf: [{ type: 'string', maxLength: 50 }, { maxLength: 9 }],
        },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        subject: {
          description: 'Part of the subject line.',
          anyOf: [{ type: 'string', maxLength: 50 }, { type: 'boolean' }],
        },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path, keyword, parent } of tool.inputNodes) {
      if (!(keyword === 'anyOf' || keyword === 'oneOf') || parent?.parent === undefined) continue;
      // The type may stand beside the union.
      if (Object.hasOwn(parent.schema, 'type') || TYPING.some((one) => Object.hasOwn(schema, one))) continue;
      report({ tool, path, message: `A branch of ${keyword} has no type.` });
    }
  }),
};
