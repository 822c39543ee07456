import { writeTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { DESCRIPTION_CHARS_MIN, textLength } from '../../text/length.ts';
import { baseVerb, isPlainVerb, verbKind } from '../../text/verbs.ts';
import { wordsOf } from '../../text/words.ts';

const BEFORE_VERBS: ReadonlySet<string> = new Set(['and', 'or', 'to', 'then', 'will', 'can']);
const AFTER_VERBS: ReadonlySet<string> = new Set([
  'a',
  'an',
  'the',
  'it',
  'them',
  'its',
  'their',
  'this',
  'one',
  'new',
  'all',
]);

/** True when a word says that something is changed: a verb of change, and no noun that only looks like it. */
function namesEffect(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const verb = baseVerb(word);
    const kind = verb === undefined ? undefined : verbKind(verb);
    if (verb === undefined || kind === undefined || kind === 'read' || GENERAL.has(verb)) return false;
    const isVerbHere =
      index === 0 || BEFORE_VERBS.has(words[index - 1] ?? '') || AFTER_VERBS.has(words[index + 1] ?? '');
    return isVerbHere || isPlainVerb(verb, word);
  });
}

/** Verbs that leave open what is done. */
const GENERAL: ReadonlySet<string> = new Set([
  'process',
  'handle',
  'do',
  'use',
  'run',
  'execute',
  'perform',
  'invoke',
  'manage',
  'call',
  'make',
]);

export const descSideEffects: Rule = {
  id: 'desc/side-effects',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'The description of a tool that changes something says what it changes.',
  rationale:
    '"Process refund" leaves open whether money moves, who is told, and what is stored. The model finds out on live data.',
  hint: 'Name the effects: "Creates a refund on the card; the customer gets an e-mail."',
  sources: ['arxiv-2602.14878'],
  bad: {
    tools: [
      writeTool({
        description:
          'Process one quote for a customer in the ledger. Use it after prices are agreed, not for orders. Not safe to retry. Returns its number.',
      }),
    ],
  },
  good: { tools: [writeTool()] },
  check: eachTool((tool, report) => {
    // A tool that is named after a look and declared otherwise is another rule's.
    if (tool.isReadOnly || tool.verb?.kind === 'read' || textLength(tool.description) < DESCRIPTION_CHARS_MIN)
      return;
    if (!namesEffect(wordsOf(tool.description))) {
      report({ tool, path: '/description', message: 'The description does not say what the tool changes.' });
    }
  }),
};
