import { withParams } from '../../examples.ts';
import type { JsonEdit } from '../../finding.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { stringMember } from '../../schema-shape.ts';

/** The formats that strict schemas of OpenAI know. */
const PORTABLE: ReadonlySet<string> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
]);
/** Formats of OpenAPI for numbers, which say nothing that a type does not. */
const NUMERIC: ReadonlySet<string> = new Set(['int32', 'int64', 'float', 'double', 'number', 'integer']);

export const schemaFormatPortable: Rule = {
  id: 'schema/format-portable',
  severity: 'warning',
  provenance: 'portability',
  summary: 'A format is one of those that every large host knows.',
  rationale: 'OpenAI refuses the tool for `format: "uri"`; others ignore it.',
  hint: 'Use a pattern instead.',
  sources: ['openai'],
  fix: 'safe',
  bad: {
    tools: [
      withParams({
        attachment: { type: 'string', format: 'uri', description: 'The attachment to compare with.' },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        attachment: {
          type: 'string',
          pattern: '^[A-Za-z][A-Za-z0-9+.-]*:',
          description: 'The attachment to compare with.',
        },
      }),
    ],
  },
  check: eachTool((tool, report) => {
    for (const { schema, path } of tool.inputNodes) {
      const format = stringMember(schema, 'format');
      if (format === undefined || PORTABLE.has(format)) continue;
      const remove = { op: 'remove', path: `${path}/format` } as const;
      const edits: JsonEdit[] =
        format === 'uri' && !Object.hasOwn(schema, 'pattern')
          ? [remove, { op: 'add', path: `${path}/pattern`, value: '^[A-Za-z][A-Za-z0-9+.-]*:' }]
          : NUMERIC.has(format)
            ? [remove]
            : [];
      report({
        tool,
        path: `${path}/format`,
        message: `The format ${quote(format)} is not known everywhere.`,
        ...(edits.length === 0 ? {} : { fix: { isSafe: true, edits } }),
      });
    }
  }),
};
