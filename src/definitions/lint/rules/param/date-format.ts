import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

const LAST: ReadonlySet<string> = new Set(['date', 'datetime', 'timestamp', 'since', 'until', 'deadline']);
const FORMATS = [
  'iso',
  'iso8601',
  'rfc',
  'rfc3339',
  'yyyy',
  'yy',
  'epoch',
  'unix',
  'utc',
  'format',
  'dd',
  'rfc3339nano',
  'natural language',
  'relative',
  'cron',
  'timezone',
  'time zone',
] as const;

export const paramDateFormat: Rule = {
  id: 'param/date-format',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A date or time says in which format it is, and in which time zone.',
  rationale: '`03/04/2026` is two days; a time without an offset is another hour for every user.',
  hint: 'Add format "date-time" (or "date") and say "ISO 8601 with offset".',
  sources: ['breakwater'],
  bad: {
    tools: [withParams({ paid_since: textParam({ description: 'Only invoices that were paid after it.' }) })],
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
  check: eachParam((param, report) => {
    const [first, ...rest] = param.words;
    const last = rest[rest.length - 1] ?? first;
    const isDate = last !== undefined && (LAST.has(last) || (rest.length > 0 && last === 'at'));
    if (!isDate || !param.types.includes('string')) return;
    if (['format', 'pattern', 'enum', 'const'].some((keyword) => Object.hasOwn(param.effective, keyword)))
      return;
    if (hasPhrase(param.text, FORMATS) || /[0-9]{4}-[0-9]{2}|yyyy|\bhh:mm/i.test(param.description)) return;
    report({ message: `${quote(param.name)} does not say in which format it is.` });
  }),
};
