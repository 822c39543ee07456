import { annotated, getTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasPhrase } from '../../text/words.ts';

/** Sentences that explain a name which sounds like a change. */
const EXPLAINED = [
  'read only',
  'readonly',
  'does not change',
  'does not modify',
  'without changing',
  'preview',
  'dry run',
  'no changes',
  'returns',
  'simulate',
  'simulates',
] as const;
/** And one that sounds like a look. */
const EFFECTS = [
  'marks',
  'updates',
  'stores',
  'records',
  'saves',
  'creates',
  'writes',
  'changes',
  'sets',
  'clears',
  'consumes',
  'navigates',
  'opens',
  'charges',
  'counts',
  'logs',
  'downloads',
  'session',
  'credits',
  'starts',
] as const;

export const annotVerbMismatch: Rule = {
  id: 'annot/verb-mismatch',
  severity: 'warning',
  provenance: 'heuristic',
  summary: 'The verb of the name and readOnlyHint agree, or the description says why not.',
  rationale:
    'Either the annotation is wrong, and a host lets a deletion pass, or the name is, and a model does not dare to read.',
  hint: 'Mend the annotation, or add the sentence that explains it.',
  sources: ['survey'],
  bad: { tools: [annotated({ readOnlyHint: false }, getTool())] },
  good: { tools: [getTool()] },
  check: eachTool((tool, report) => {
    const { readOnlyHint } = tool.annotations;
    const verb = tool.verb;
    if (verb === undefined) return;
    const isChange = verb.kind === 'destroy' || (verb.kind === 'write' && verb.verb === tool.words[0]);
    if (isChange && readOnlyHint === true && !hasPhrase(tool.text, EXPLAINED)) {
      report({
        tool,
        path: '/annotations/readOnlyHint',
        message: `The name says ${quote(verb.verb)}, and readOnlyHint is true.`,
      });
    }
    if (verb.kind === 'read' && readOnlyHint === false && !hasPhrase(tool.text, EFFECTS)) {
      report({
        tool,
        path: '/annotations/readOnlyHint',
        message: `The name says ${quote(verb.verb)}, and readOnlyHint is false.`,
      });
    }
  }),
};
