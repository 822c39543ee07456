import { withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { stringMember } from '../../schema-shape.ts';

const CHARS_MAX = 80;
const FORMATS: ReadonlySet<string> = new Set([
  'uuid',
  'email',
  'date-time',
  'date',
  'time',
  'duration',
  'ipv4',
  'ipv6',
]);

export const schemaPatternBloat: Rule = {
  id: 'schema/pattern-bloat',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A pattern does not spell out what a format says.',
  rationale:
    'Generators write hundreds of characters beside `format: "uuid"`. Models read none of them and pay for all.',
  hint: 'Keep the format and drop the pattern.',
  sources: ['survey'],
  fix: 'unsafe',
  bad: {
    tools: [
      withParams({
        paid_since: {
          type: 'string',
          format: 'date',
          description: 'Only invoices that were paid after it, UTC.',
          pattern: `^${'([0-9][0-9][2468][048]-)'.repeat(4)}[0-9]{2}-[0-9]{2}$`,
        },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        paid_since: {
          type: 'string',
          format: 'date',
          description: 'Only invoices that were paid after it, UTC.',
        },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path } of tool.inputNodes) {
      const length = stringMember(schema, 'pattern')?.length ?? 0;
      if (length <= CHARS_MAX || !FORMATS.has(stringMember(schema, 'format') ?? '')) continue;
      report({
        tool,
        path: `${path}/pattern`,
        message: `A pattern of ${length} characters stands beside a format.`,
        fix: { isSafe: false, edits: [{ op: 'remove', path: `${path}/pattern` }] },
      });
    }
  }),
};
