import { annotated, readTool } from '../../examples.ts';
import type { ToolModel } from '../../model.ts';
import { eachTool, type Rule } from '../../rule.ts';

const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

/** What the verb of a name suggests; a person has to confirm it. */
function proposed(hint: string, tool: ToolModel): boolean {
  const kind = tool.verb?.kind;
  if (hint === 'readOnlyHint') return kind === 'read';
  if (hint === 'destructiveHint') return kind === 'destroy';
  if (hint === 'idempotentHint') return kind === 'read' || kind === 'destroy';
  return true;
}

export const annotExplicit: Rule = {
  id: 'annot/explicit',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'All four hints are stated: read-only, destructive, idempotent, open-world.',
  rationale:
    'A hint that is left out means destructive and open-world. Hosts then ask before every read, and directories refuse the server.',
  hint: 'State all four.',
  sources: ['breakwater', 'anthropic-directory', 'openai-review'],
  fix: 'unsafe',
  bad: { tools: [annotated({ openWorldHint: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const missing = HINTS.filter((hint) => !Object.hasOwn(tool.annotations, hint));
    if (missing.length === 0) return;
    const annotations = {
      ...tool.annotations,
      ...Object.fromEntries(missing.map((hint) => [hint, proposed(hint, tool)])),
    };
    report({
      tool,
      path: '/annotations',
      message: missing.length === HINTS.length ? 'No hint is stated.' : `Not stated: ${missing.join(', ')}.`,
      fix: { isSafe: false, edits: [{ op: 'add', path: '/annotations', value: annotations }] },
    });
  }),
};
