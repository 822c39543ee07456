import { numberParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { isLimit } from '../../text/paging.ts';

const WHOLE: ReadonlySet<string> = new Set([
  'limit',
  'count',
  'page',
  'offset',
  'index',
  'retries',
  'attempts',
  'lines',
  'line',
  'steps',
  'year',
  'port',
  'quantity',
]);
const WHOLE_NAMES: ReadonlySet<string> = new Set([
  'page size',
  'per page',
  'top k',
  'max results',
  'num results',
  'max depth',
  'max tokens',
]);

export const paramNumberVsInteger: Rule = {
  id: 'param/number-vs-integer',
  severity: 'info',
  provenance: 'guideline',
  summary: 'What is counted is an integer.',
  rationale: 'A limit of 2.5 passes the schema and fails behind it.',
  hint: 'Change the type to integer.',
  sources: ['survey'],
  fix: 'safe',
  bad: {
    tools: [
      withParams({ page_count: numberParam({ type: 'number', description: 'Pages of the invoice, 1–50.' }) }),
    ],
  },
  good: { tools: [withParams({ page_count: numberParam({ description: 'Pages of the invoice, 1–50.' }) })] },
  check: eachParam((param, report, tool) => {
    if (param.schema['type'] !== 'number') return;
    const last = param.words[param.words.length - 1] ?? '';
    if (!(WHOLE.has(last) || WHOLE_NAMES.has(param.words.join(' ')) || isLimit(param, tool))) return;
    const values = ['minimum', 'maximum', 'default', 'multipleOf'].map((keyword) => param.schema[keyword]);
    if (values.some((value) => typeof value === 'number' && !Number.isInteger(value))) return;
    report({
      at: '/type',
      message: `${quote(param.name)} is counted, and may be a fraction.`,
      fix: { isSafe: true, edits: [{ op: 'add', path: `${param.path}/type`, value: 'integer' }] },
    });
  }),
};
