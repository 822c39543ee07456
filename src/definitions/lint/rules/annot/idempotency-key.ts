import { withParams, writeTool } from '../../examples.ts';
import { hasKey } from '../../param-shape.ts';
import { eachTool, type Rule } from '../../rule.ts';

const ADDING: ReadonlySet<string> = new Set([
  'create',
  'send',
  'post',
  'add',
  'append',
  'submit',
  'charge',
  'insert',
  'publish',
  'book',
  'order',
  'pay',
  'transfer',
  'invite',
  'upload',
  'comment',
  'reply',
  'refund',
  'message',
  'schedule',
]);

export const annotIdempotencyKey: Rule = {
  id: 'annot/idempotency-key',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A tool that creates or sends takes an idempotency key.',
  rationale:
    'After a timeout nobody knows whether the first call went through. With a key the agent can just repeat it; without, it sends twice or not at all.',
  hint: 'Add an optional `idempotency_key`, and answer a repeated one with the first result.',
  sources: ['breakwater', 'survey'],
  bad: { tools: [withParams({ idempotency_key: undefined }, writeTool())] },
  good: { tools: [writeTool()] },
  check: eachTool((tool, report) => {
    const { readOnlyHint, idempotentHint } = tool.annotations;
    if (
      readOnlyHint === true ||
      idempotentHint === true ||
      tool.contract?.isDeduplicated === true ||
      hasKey(tool)
    )
      return;
    if (tool.verb === undefined || !ADDING.has(tool.verb.verb)) return;
    report({
      tool,
      path: '/inputSchema/properties',
      message: 'A repeated call cannot be told from a second one.',
    });
  }),
};
