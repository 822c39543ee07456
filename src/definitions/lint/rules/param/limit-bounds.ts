import { readTool, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { numberMember } from '../../schema-shape.ts';
import { isLimit } from '../../text/paging.ts';

export const paramLimitBounds: Rule = {
  id: 'param/limit-bounds',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'A limit has a maximum and a default.',
  rationale:
    'Without a maximum one call asks for everything; without a default the first call does. Both end in a result that no context holds.',
  hint: 'Add a maximum and a default, for example 1 to 100, default 20.',
  sources: ['anthropic', 'survey'],
  fix: 'unsafe',
  bad: {
    tools: [
      withParams({
        limit: { type: 'integer', minimum: 1, description: 'Invoices per page, default 20.', default: 20 },
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachParam((param, report, tool) => {
    const isNumber = param.types.some((type) => type === 'number' || type === 'integer');
    if (!isNumber || !isLimit(param, tool) || Object.hasOwn(param.effective, 'enum')) return;
    const hasMax =
      numberMember(param.effective, 'maximum') !== undefined ||
      numberMember(param.effective, 'exclusiveMaximum') !== undefined;
    const hasDefault = param.isRequired || Object.hasOwn(param.effective, 'default');
    if (hasMax && hasDefault) return;
    const missing = [...(hasMax ? [] : ['maximum']), ...(hasDefault ? [] : ['default'])];
    const values: Readonly<Record<string, number>> = { maximum: 100, default: 20 };
    report({
      message: `${quote(param.name)} has no ${missing.join(' and no ')}.`,
      fix: {
        isSafe: false,
        edits: missing.map((keyword) => ({
          op: 'add',
          path: `${param.path}/${keyword}`,
          value: values[keyword] ?? 0,
        })),
      },
    });
  }),
};
