import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

const CODE: ReadonlySet<string> = new Set([
  'command',
  'cmd',
  'sql',
  'code',
  'script',
  'shell',
  'eval',
  'bash',
  'python',
  'javascript',
]);
const OTHER_CODES: ReadonlySet<string> = new Set([
  'country',
  'currency',
  'language',
  'zip',
  'postal',
  'status',
  'error',
  'area',
  'product',
  'promo',
  'discount',
  'airport',
  'auth',
  'verification',
  'source',
  'response',
  'exit',
  'iata',
  'state',
  'coupon',
  'bar',
  'qr',
]);
const GUARDS = [
  'sandbox',
  'sandboxed',
  'isolated',
  'container',
  'restricted',
  'allow list',
  'allowlist',
  'allowed',
  'read only',
  'readonly',
  'parameterised',
  'parameterized',
  'virtual machine',
  'permission',
] as const;

export const paramCodeExec: Rule = {
  id: 'param/code-exec',
  severity: 'warning',
  provenance: 'security',
  summary: 'A tool that runs code says where it runs and what it cannot do.',
  rationale:
    'Whoever can write into the model’s context can write the command. The host asks its user only if the annotations and the description say what is at stake.',
  hint: 'Run it in a sandbox and say so; state destructiveHint and openWorldHint.',
  sources: ['poisoning'],
  bad: {
    tools: [withParams({ sql: textParam({ description: 'Condition on the ledger, e.g. "total > 5".' }) })],
  },
  good: {
    tools: [
      withParams({
        sql: textParam({ description: 'Condition on a read-only copy of the ledger, e.g. "total > 5".' }),
      }),
    ],
  },
  check: eachParam((param, report, tool) => {
    const last = param.words[param.words.length - 1] ?? '';
    const before = param.words[param.words.length - 2] ?? '';
    if (!param.isTopLevel || !CODE.has(last) || OTHER_CODES.has(before) || !param.types.includes('string'))
      return;
    if (
      last === 'code' &&
      !hasPhrase(param.text, ['code', 'script', 'execute', 'run', 'javascript', 'python', 'function'])
    )
      return;
    if (
      ['enum', 'const'].some((keyword) => Object.hasOwn(param.effective, keyword)) ||
      hasPhrase(param.text, GUARDS) ||
      hasPhrase(tool.text, GUARDS)
    )
      return;
    report({ message: `${quote(param.name)} is run, and nothing says within which bounds.` });
  }),
};
