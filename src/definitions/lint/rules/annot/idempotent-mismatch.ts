import { annotated, withParams, writeTool } from '../../examples.ts';
import { hasKey } from '../../param-shape.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

const REPEATING: ReadonlySet<string> = new Set([
  'send',
  'create',
  'append',
  'post',
  'charge',
  'submit',
  'insert',
  'pay',
  'order',
  'book',
  'email',
  'publish',
  'transfer',
  'refund',
  'invite',
]);
const EXPLAINED = [
  'already',
  'if it exists',
  'exists',
  'same',
  'no effect',
  'no further effect',
  'idempotent',
  'once',
  'safe to retry',
  'replaces',
  'overwrites',
  'overwrite',
  'not duplicated',
  'duplicates',
] as const;

export const annotIdempotentMismatch: Rule = {
  id: 'annot/idempotent-mismatch',
  severity: 'info',
  provenance: 'heuristic',
  summary: 'A tool that creates or sends is idempotent only if it says how.',
  rationale: 'A host repeats an idempotent call after a timeout. For `send_email` that is a second message.',
  hint: 'Set idempotentHint to false, or add an idempotency key, or say that a repeated call changes nothing.',
  sources: ['breakwater'],
  bad: {
    tools: [
      annotated(
        { idempotentHint: true },
        withParams(
          { idempotency_key: undefined },
          writeTool({
            description:
              'Create a draft quote for one customer and store it in the ledger; nobody is told. Use it after prices are agreed. Retry only after reading the ledger. Returns the number.',
          }),
        ),
      ),
    ],
  },
  good: { tools: [writeTool()] },
  check: eachTool((tool, report) => {
    if (
      tool.verb === undefined ||
      !REPEATING.has(tool.verb.verb) ||
      tool.annotations['idempotentHint'] !== true ||
      tool.annotations['readOnlyHint'] === true
    )
      return;
    if (hasKey(tool) || tool.contract?.isDeduplicated === true || hasPhrase(tool.text, EXPLAINED)) return;
    report({
      tool,
      path: '/annotations/idempotentHint',
      message: `The name says ${quote(tool.verb.verb)}, and idempotentHint is true.`,
    });
  }),
};
