import { numberParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { isLimit } from '../../text/paging.ts';

const BOUNDS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'enum',
  'const',
  'multipleOf',
] as const;

export const paramRange: Rule = {
  id: 'param/range',
  severity: 'info',
  strict: 'warning',
  provenance: 'guideline',
  summary: 'A number has a range.',
  rationale:
    'Without one, a negative page or a count of a million passes the schema and fails inside the tool.',
  hint: 'Add minimum and maximum, and name them in the description.',
  sources: ['breakwater', 'survey'],
  bad: { tools: [withParams({ positions: numberParam({ minimum: undefined, maximum: undefined }) })] },
  good: { tools: [withParams({ positions: numberParam() })] },
  check: eachParam((param, report, tool) => {
    const isNumber =
      param.types.length > 0 && param.types.every((type) => type === 'number' || type === 'integer');
    if (!isNumber || isLimit(param, tool) || BOUNDS.some((bound) => Object.hasOwn(param.effective, bound)))
      return;
    report({ message: `${quote(param.name)} has no range.` });
  }),
};
