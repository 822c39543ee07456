import { isJsonObject } from '../../../../platform/json.ts';
import { textParam, withParams } from '../../examples.ts';
import type { ParamModel } from '../../model.ts';
import { quoteList } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

function isNullable({ schema }: ParamModel): boolean {
  const { type, anyOf, oneOf } = schema;
  const branches = [...(Array.isArray(anyOf) ? anyOf : []), ...(Array.isArray(oneOf) ? oneOf : [])];
  return (
    (Array.isArray(type) && type.includes('null')) ||
    branches.some((branch) => isJsonObject(branch) && branch['type'] === 'null')
  );
}

export const paramOptionalNull: Rule = {
  id: 'param/optional-null',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool has one way to say "none": leaving a parameter out, or null.',
  rationale:
    'Where some optional parameters take null and others do not, models send null to both and are refused.',
  hint: 'Leave null out of all optional parameters, or allow it in all.',
  sources: ['openai'],
  bad: {
    tools: [
      withParams({
        subject: textParam({ type: ['string', 'null'] }),
        author: textParam({ description: 'Login of who wrote it.' }),
      }),
    ],
  },
  good: {
    tools: [
      withParams({ subject: textParam(), author: textParam({ description: 'Login of who wrote it.' }) }),
    ],
  },
  check: eachTool((tool, report) => {
    const optional = tool.params.filter(
      ({ isTopLevel, isRequired, effective }) =>
        isTopLevel &&
        !isRequired &&
        (effective['default'] ?? null) === null &&
        !Object.hasOwn(effective, 'const'),
    );
    const nullable = optional.filter(isNullable);
    if (nullable.length === 0 || nullable.length === optional.length) return;
    report({
      tool,
      path: '/inputSchema/properties',
      message: `Of ${optional.length} optional parameters only ${quoteList(nullable.map(({ name }) => name))} may be null.`,
    });
  }),
};
