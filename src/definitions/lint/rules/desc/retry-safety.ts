import { writeTool } from '../../examples.ts';
import { textMember } from '../../model.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { appendSentence } from '../../text/numbers.ts';
import { retryStatement } from '../../text/retry.ts';

export const descRetrySafety: Rule = {
  id: 'desc/retry-safety',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'The description of a tool that changes something says whether it is safe to retry.',
  rationale:
    'After a timeout a model retries. `list_handoff_tickets` may be called twice; `send_email` sends a second message. Only ' +
    'the description tells the model which one it has before it: few hosts pass the annotations on.',
  hint: 'End with "Safe to retry." or "Not safe to retry: a second call …".',
  sources: ['breakwater'],
  fix: 'unsafe',
  bad: {
    tools: [
      writeTool({
        description:
          'Create a draft quote for one customer and store it in the ledger; the customer is not notified. Use it after prices are agreed, not for orders. Returns the number of the quote.',
      }),
    ],
  },
  good: { tools: [writeTool()] },
  check: eachTool((tool, report) => {
    if (tool.isReadOnly || tool.description.trim() === '' || retryStatement(tool.text) !== undefined) return;
    const isSafe = tool.annotations['idempotentHint'] === true || tool.contract?.isDeduplicated === true;
    const sentence = isSafe ? 'Safe to retry.' : 'Not safe to retry: a second call acts a second time.';
    report({
      tool,
      path: '/description',
      message: 'The description does not say whether the tool is safe to retry.',
      fix: {
        isSafe: false,
        edits: [
          {
            op: 'add',
            path: '/description',
            value: appendSentence(textMember(tool.raw, 'description'), sentence),
          },
        ],
      },
    });
  }),
};
