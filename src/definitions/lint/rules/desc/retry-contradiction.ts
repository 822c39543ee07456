import { annotated, writeTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { retryStatement } from '../../text/retry.ts';

export const descRetryContradiction: Rule = {
  id: 'desc/retry-contradiction',
  severity: 'error',
  provenance: 'guideline',
  summary: 'Description and annotations agree on whether the tool is safe to retry.',
  rationale:
    'The host believes the annotation and the model the description: one of them repeats what must not be repeated.',
  hint: 'Find out which one is true and mend the other.',
  sources: ['breakwater'],
  bad: {
    tools: [
      annotated(
        { idempotentHint: false },
        writeTool({
          description:
            'Create a draft quote for one customer and store it in the ledger. Use it after prices are agreed, not for orders. Safe to retry. Returns the number of the quote.',
        }),
      ),
    ],
  },
  good: { tools: [writeTool()] },
  check: eachTool((tool, report) => {
    const { readOnlyHint, idempotentHint } = tool.annotations;
    const statement = retryStatement(tool.text);
    if (
      statement === 'safe' &&
      idempotentHint === false &&
      readOnlyHint !== true &&
      tool.contract?.isDeduplicated !== true
    ) {
      report({
        tool,
        path: '/description',
        message: 'The description says that the tool is safe to retry; idempotentHint is false.',
      });
    }
    if (statement === 'unsafe' && (idempotentHint === true || readOnlyHint === true)) {
      const hint = readOnlyHint === true ? 'readOnlyHint' : 'idempotentHint';
      report({
        tool,
        path: '/description',
        message: `The description says that the tool is not safe to retry; ${hint} is true.`,
      });
    }
  }),
};
