import { GOOD, readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const AFTER: ReadonlySet<string> = new Set(['parameter', 'param', 'argument', 'arg', 'option', 'flag']);
/** A word in quotation marks or backticks, or a plain one. The marks are kept, so that quoted words can be told. */
const TOKEN = /[`'"]?[A-Za-z_][A-Za-z0-9_]*[`'"]?/g;

/** Names that a text calls parameters: `'head' parameter`, or the lines below `Args:`. */
function namedParams(text: string): string[] {
  const tokens = text.match(TOKEN) ?? [];
  const named = tokens.filter((token, index) => {
    const next = tokens[index + 1]?.toLowerCase();
    return /^([`'"]).+\1$/.test(token) && next !== undefined && AFTER.has(next.replace(/s$/, ''));
  });
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^\s*(?:Args|Arguments|Parameters|Params):\s*$/.test(line));
  if (start !== -1) {
    for (const line of lines.slice(start + 1)) {
      if (line.trim() === '' || /^\S/.test(line)) break;
      const name =
        /^\s{1,40}[-*]?\s{0,4}`?([A-Za-z_][A-Za-z0-9_]*)`?\s{0,4}(?:\([^()]{0,80}\))?\s{0,4}:/.exec(
          line,
        )?.[1];
      if (name !== undefined) named.push(name);
    }
  }
  return named.map((token) => token.replace(/[`'"]/g, ''));
}

export const descParamDrift: Rule = {
  id: 'desc/param-drift',
  severity: 'warning',
  provenance: 'heuristic',
  summary: 'A parameter that the description speaks of is in the schema.',
  rationale: 'A model passes it and is refused, or worse, it is ignored in silence.',
  hint: 'Add the parameter, or take it out of the description.',
  sources: ['survey'],
  bad: { tools: [readTool({ description: `${GOOD} The 'recipient' parameter narrows the search.` })] },
  good: { tools: [readTool({ description: `${GOOD} The 'query' parameter is case-sensitive.` })] },
  check: eachTool((tool, report) => {
    const known = new Set(tool.params.map(({ name }) => name.toLowerCase()));
    const missing = namedParams(tool.description).find((name) => !known.has(name.toLowerCase()));
    if (missing !== undefined)
      report({
        tool,
        path: '/description',
        message: `The description speaks of a parameter ${quote(missing)} that the schema does not have.`,
      });
  }),
};
