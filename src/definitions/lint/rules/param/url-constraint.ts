import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

const URLS: ReadonlySet<string> = new Set(['url', 'urls', 'uri', 'webhook', 'endpoint', 'callback']);
const LIMITS_NAMED = [
  'https',
  'allowed',
  'allow list',
  'allowlist',
  'public',
  'domain',
  'domains',
  'must start with',
  'same host',
  'only',
] as const;

export const paramUrlConstraint: Rule = {
  id: 'param/url-constraint',
  severity: 'warning',
  provenance: 'security',
  summary: 'A URL says which schemes and hosts it may have.',
  rationale: 'A server that fetches any URL is asked for `http://169.254.169.254/` sooner or later.',
  hint: 'Add a pattern such as `^https://`, say which hosts are allowed, and check the address when connecting.',
  sources: ['poisoning'],
  bad: {
    tools: [withParams({ attachment_url: textParam({ description: 'The attachment to compare with.' }) })],
  },
  good: {
    tools: [
      withParams({
        attachment_url: textParam({
          pattern: '^https://files\\.example\\.com/',
          description: 'The attachment to compare with.',
        }),
      }),
    ],
  },
  check: eachParam((param, report) => {
    const last = param.words[param.words.length - 1] ?? '';
    if (!URLS.has(last) || !(param.types.includes('string') || param.types.includes('array'))) return;
    if (
      ['pattern', 'enum', 'const'].some((keyword) => Object.hasOwn(param.effective, keyword)) ||
      hasPhrase(param.text, LIMITS_NAMED)
    )
      return;
    report({ message: `${quote(param.name)} may lead to any host.` });
  }),
};
