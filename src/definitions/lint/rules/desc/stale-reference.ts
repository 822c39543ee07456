import { DEFINITION_NAME_CHARS_MAX } from '../../../../platform/limits.ts';
import { getTool, GOOD, readTool } from '../../examples.ts';
import { type LintModel, textMember } from '../../model.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { textsOf } from '../../text/texts.ts';
import { isPlainVerb } from '../../text/verbs.ts';
import { nameWords } from '../../text/words.ts';

/** Words after which an identifier with a verb is the name of a tool. */
const LEADING: ReadonlySet<string> = new Set(
  'use uses using call calls calling see via run invoke prefer from instead'.split(' '),
);
/** Last words of identifiers that name a value: `from start_date` speaks of a parameter. */
const VALUES: ReadonlySet<string> = new Set(
  'date time id ids name at index type count key url uri path token cursor size limit status code price value mode'.split(
    ' ',
  ),
);
const WORD = /[A-Za-z0-9_-]+/g;

/** Identifiers that a text presents as tools: after "use" and the like or before "tool", with a verb in front. */
function namedTools(text: string): string[] {
  const words = text.match(WORD) ?? [];
  return words.filter((word, index) => {
    if (!/[a-z0-9]_[a-z]/i.test(word)) return false;
    const before = words[index - 1]?.toLowerCase() ?? '';
    const after = words[index + 1]?.toLowerCase();
    if (!LEADING.has(before) && after !== 'tool' && after !== 'first') return false;
    const parts = nameWords(word);
    const [first] = parts;
    const last = parts[parts.length - 1];
    return first !== undefined && last !== undefined && !VALUES.has(last) && isPlainVerb(first, first);
  });
}

function knownNames(model: LintModel): Set<string> {
  const known = new Set<string>();
  const { input } = model;
  for (const { tools } of input.peers ?? []) for (const name of tools) known.add(name);
  for (const { raw } of model.prompts) known.add(textMember(raw, 'name'));
  for (const tool of model.tools) {
    known.add(tool.name);
    known.add(`${input.prefix ?? ''}${tool.name}`);
    // A server that prefixes its tools may speak of them without the prefix.
    const parts = tool.name.slice(0, DEFINITION_NAME_CHARS_MAX).split('_');
    for (let start = 1; start < parts.length - 1; start += 1) known.add(parts.slice(start).join('_'));
    for (const { name, effective } of [...tool.params, ...tool.outputs]) {
      known.add(name);
      const { enum: values } = effective;
      if (Array.isArray(values)) for (const value of values) if (typeof value === 'string') known.add(value);
    }
  }
  return known;
}

export const descStaleReference: Rule = {
  id: 'desc/stale-reference',
  severity: 'error',
  provenance: 'heuristic',
  summary: 'A description names only tools and parameters that exist.',
  rationale: 'A model follows the advice, calls a tool that is gone, and gives up.',
  hint: 'Mend the name, or take the sentence out.',
  sources: ['anthropic'],
  bad: { tools: [readTool({ description: `${GOOD} For a known number use fetch_invoice.` })] },
  good: { tools: [readTool({ description: `${GOOD} For known numbers use get_invoice.` }), getTool()] },
  check: (model, report) => {
    const known = knownNames(model);
    for (const tool of model.tools) {
      for (const { path, text, isValue } of textsOf(tool)) {
        if (isValue) continue;
        const stale = namedTools(text).find((name) => !known.has(name));
        if (stale !== undefined)
          report({ tool, path, message: `The text names ${quote(stale)}, which does not exist.` });
      }
    }
  },
};
