import { readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const SUFFIXES: ReadonlySet<string> = new Set([
  'new',
  'old',
  'final',
  'legacy',
  'deprecated',
  'latest',
  'temp',
  'tmp',
]);

export const nameVersionSuffix: Rule = {
  id: 'name/version-suffix',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A name carries no version and no state.',
  rationale: 'With `search_v2` beside `search` a model has to guess which one counts, and often calls both.',
  hint: 'Keep one name; say in the old tool’s description that it is deprecated until it is gone.',
  sources: ['arxiv-2602.14878'],
  bad: { tools: [readTool({ name: 'search_invoices_v2' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const [beforeLast, last] = tool.words.slice(-2);
    const isVersion = beforeLast === 'v' && last !== undefined && /^[0-9]+$/.test(last);
    if (isVersion || (tool.words.length > 1 && SUFFIXES.has(tool.words[tool.words.length - 1] ?? ''))) {
      report({ tool, path: '/name', message: `The name ${quote(tool.name)} ends in a version or a state.` });
    }
  }),
};
