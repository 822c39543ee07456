import { isJsonObject } from '../../../../platform/json.ts';
import { annotated, readTool } from '../../examples.ts';
import { pointer } from '../../pointer.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const HINTS: ReadonlySet<string> = new Set([
  'readOnlyHint',
  'destructiveHint',
  'idempotentHint',
  'openWorldHint',
]);
/** Slips that mean one of the hints. */
const SLIPS = /^(?:read_?only|destructive|idempotent|open_?world)(?:_?hint)?$/i;

export const annotTypes: Rule = {
  id: 'annot/types',
  severity: 'error',
  provenance: 'spec',
  summary: 'Annotations have the names and types of the specification.',
  rationale:
    'A hint under another name, or `"true"` as a text, is no hint. The default applies, which is the opposite.',
  hint: 'Use readOnlyHint, destructiveHint, idempotentHint and openWorldHint with true or false.',
  sources: ['mcp'],
  bad: { tools: [annotated({ idempotentHint: 'true' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const annotations = tool.raw['annotations'];
    if (annotations !== undefined && !isJsonObject(annotations))
      report({ tool, path: '/annotations', message: 'The annotations are not an object.' });
    for (const [name, value] of Object.entries(tool.annotations)) {
      const path = pointer('/annotations', name);
      if (HINTS.has(name) && typeof value !== 'boolean')
        report({ tool, path, message: `${name} is not true or false.` });
      else if (name === 'title' && typeof value !== 'string')
        report({ tool, path, message: 'The title is not a text.' });
      else if (!HINTS.has(name) && SLIPS.test(name))
        report({ tool, path, message: `${quote(name)} is not the name of a hint.` });
    }
  }),
};
