import { writeTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasPhrase, phraseText } from '../../text/words.ts';

const HANDLES = [
  'job id',
  'job_id',
  'jobid',
  'task id',
  'task_id',
  'session id',
  'session_id',
  'upload id',
  'upload_id',
  'handle',
  'browser id',
  'sandbox id',
  'sandbox_id',
] as const;
const LIFETIMES = [
  'second',
  'seconds',
  'minute',
  'minutes',
  'hour',
  'hours',
  'day',
  'days',
  'week',
  'weeks',
  'expire',
  'expires',
  'expiry',
  'valid for',
  'valid until',
  'lifetime',
  'lives',
  'kept for',
  'kept until',
  'ttl',
  'until',
  'forever',
  'never expires',
  'persists',
  'persistent',
  'current session',
] as const;
const STARTING: ReadonlySet<string> = new Set([
  'start',
  'create',
  'open',
  'begin',
  'launch',
  'submit',
  'run',
  'trigger',
  'connect',
  'init',
  'schedule',
]);

export const descHandleLifetime: Rule = {
  id: 'desc/handle-lifetime',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool that hands out a job or a session says how long it lives.',
  rationale:
    'An agent comes back after minutes or days. It has to know whether to ask for the result or to start again.',
  hint: 'Add "… valid for 24 h." to the description.',
  sources: ['mcp'],
  bad: {
    tools: [
      writeTool({
        name: 'create_export',
        description:
          'Create an export of all quotes as a file. Use it after prices are agreed, not for orders. Not safe to retry without the same idempotency_key. Returns a job id.',
      }),
    ],
  },
  good: {
    tools: [
      writeTool({
        name: 'create_export',
        description:
          'Create an export of all quotes as a file. Use it after prices are agreed, not for orders. Not safe to retry without the same idempotency_key. Returns a job id, valid for 24 hours.',
      }),
    ],
  },
  check: eachTool((tool, report) => {
    if (!tool.words.some((word) => STARTING.has(word)) || tool.annotations['readOnlyHint'] === true) return;
    const outputs = tool.outputs.map(({ name, text }) => `${phraseText(name)}${text}`).join(' ');
    const isHandle = hasPhrase(tool.text, HANDLES) || hasPhrase(outputs, HANDLES);
    if (!isHandle || hasPhrase(tool.text, LIFETIMES) || hasPhrase(outputs, LIFETIMES)) return;
    report({
      tool,
      path: '/description',
      message: 'The tool hands out a handle and does not say how long it lives.',
    });
  }),
};
