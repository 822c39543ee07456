import { deleteTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

const CONSEQUENCES = [
  'permanent',
  'permanently',
  'for good',
  'forever',
  'cannot be undone',
  'can t be undone',
  'can not be undone',
  'cannot be recovered',
  'cannot be restored',
  'can be restored',
  'can be undone',
  'irreversible',
  'irreversibly',
  'irrevocable',
  'irrevocably',
  'reversible',
  'undo',
  'undone',
  'restore',
  'restored',
  'recover',
  'recovered',
  'recoverable',
  'trash',
  'recycle bin',
  'is lost',
  'are lost',
  'be lost',
  'data loss',
  'is gone',
  'overwrite',
  'overwrites',
  'overwritten',
  'caution',
  'warning',
  'careful',
  'destructive',
  'soft delete',
  'hard delete',
  'archived',
  'backup',
  'associated',
  'cascade',
  'cascades',
  'reopened',
] as const;

export const descDestructiveWarning: Rule = {
  id: 'desc/destructive-warning',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'The description of a destructive tool says what is lost and whether it can be undone.',
  rationale: 'An agent asks its user before something irreversible, if it knows that it is.',
  hint: 'Add "Permanently deletes …; it cannot be undone." or how it can be restored.',
  sources: ['anthropic', 'breakwater'],
  bad: {
    tools: [
      deleteTool({
        description:
          'Delete one quote from the ledger. Use it for mistakes only: a quote that was declined stays on record. Safe to retry. Returns its number.',
      }),
    ],
  },
  good: { tools: [deleteTool()] },
  check: eachTool((tool, report) => {
    const { destructiveHint, readOnlyHint } = tool.annotations;
    const isDestructive =
      readOnlyHint !== true &&
      (destructiveHint === true || (destructiveHint === undefined && tool.verb?.kind === 'destroy'));
    if (!isDestructive || tool.description.trim() === '' || hasPhrase(tool.text, CONSEQUENCES)) return;
    report({
      tool,
      path: '/description',
      message: 'The description does not say what is lost and whether it can be undone.',
    });
  }),
};
