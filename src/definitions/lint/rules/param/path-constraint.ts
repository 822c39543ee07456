import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

const PATHS: ReadonlySet<string> = new Set([
  'path',
  'paths',
  'file',
  'filename',
  'filepath',
  'directory',
  'dir',
  'folder',
]);
const OTHER_PATHS: ReadonlySet<string> = new Set([
  'json',
  'x',
  'xpath',
  'url',
  'api',
  'css',
  'key',
  'object',
  'field',
  'property',
  'class',
  'route',
  'request',
  'base',
]);
const LIMITS_NAMED = [
  'inside',
  'within',
  'relative',
  'workspace',
  'allowed',
  'root',
  'sandbox',
  'sandboxed',
  'project',
  'repository',
  'working directory',
  'repo',
  'bucket',
] as const;

export const paramPathConstraint: Rule = {
  id: 'param/path-constraint',
  severity: 'warning',
  provenance: 'security',
  summary: 'A path of a file says inside which folder it has to be.',
  rationale:
    'A tool that takes any path reads `/etc/passwd` when an injected text asks for it. A model that knows the root does not try others.',
  hint: 'Say "inside the workspace root" (and enforce it), or add a pattern.',
  sources: ['poisoning'],
  bad: {
    tools: [withParams({ attachment_path: textParam({ description: 'The attachment to compare with.' }) })],
  },
  good: {
    tools: [
      withParams({
        attachment_path: textParam({ description: 'The attachment to compare with, inside the workspace.' }),
      }),
    ],
  },
  check: eachParam((param, report, tool) => {
    const last = param.words[param.words.length - 1] ?? '';
    const before = param.words[param.words.length - 2] ?? '';
    if (
      !PATHS.has(last) ||
      OTHER_PATHS.has(before) ||
      !(param.types.includes('string') || param.types.includes('array'))
    )
      return;
    if (['pattern', 'enum', 'const'].some((keyword) => Object.hasOwn(param.effective, keyword))) return;
    if (hasPhrase(param.text, LIMITS_NAMED) || hasPhrase(tool.text, LIMITS_NAMED)) return;
    report({ message: `${quote(param.name)} may lead anywhere.` });
  }),
};
