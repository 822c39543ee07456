import { getTool } from '../../examples.ts';
import type { ParamModel } from '../../model.ts';
import { eachTool, type Rule } from '../../rule.ts';

const LOOKING: ReadonlySet<string> = new Set([
  'get',
  'read',
  'fetch',
  'show',
  'view',
  'describe',
  'retrieve',
]);

/** A text, or the number of something; not how much of it. */
function couldBeAddress({ types, words }: ParamModel): boolean {
  if (types.includes('array') || types.includes('object')) return false;
  return types.includes('string') || ['id', 'number', 'index'].includes(words[words.length - 1] ?? '');
}

export const resourceReadBelongs: Rule = {
  id: 'resource/read-belongs',
  severity: 'info',
  strict: 'warning',
  provenance: 'guideline',
  summary: 'What is cheap, read-only and addressed by one value at most is also a resource.',
  rationale:
    'A resource is attached by the user, cached by the host, and takes no tool call. The tool may stay: many clients know only tools.',
  hint: 'Offer it as a resource too, for example `config://current`.',
  sources: ['breakwater'],
  bad: {
    tools: [getTool({ name: 'get_tax_rate', inputSchema: { type: 'object', additionalProperties: false } })],
  },
  good: { tools: [getTool()] },
  check: eachTool((tool, report) => {
    const { readOnlyHint, idempotentHint } = tool.annotations;
    if (
      readOnlyHint !== true ||
      idempotentHint === false ||
      tool.verb === undefined ||
      !LOOKING.has(tool.verb.verb)
    )
      return;
    const top = tool.params.filter(({ isTopLevel }) => isTopLevel);
    const isAddress = top.length === 0 || (top.length === 1 && top.every(couldBeAddress));
    const hasList = tool.outputs.some(({ isTopLevel, types }) => isTopLevel && types.includes('array'));
    if (isAddress && !hasList) report({ tool, message: 'The tool reads one thing and could be a resource.' });
  }),
};
