import { LINT_COMPARED_TOOLS_MAX } from '../../../../platform/limits.ts';
import { getTool, readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { wordsOf } from '../../text/words.ts';

/** Share of common words from which on two descriptions say the same. */
const SHARED_MIN = 0.75;
/** Fewer words are alike by chance. */
const WORDS_MIN = 6;
/** Words that are compared; with all of them, long texts of many tools would take a minute. */
const WORDS_MAX = 300;

export const descOverlap: Rule = {
  id: 'desc/overlap',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'No two descriptions say nearly the same.',
  rationale: 'Between two tools that are described alike a model chooses by chance.',
  hint: 'Say in each what the other one does not do, or make them one tool with an enum.',
  sources: ['anthropic', 'survey'],
  bad: {
    tools: [
      getTool(),
      getTool({
        name: 'get_receipt',
        description:
          'Fetch one receipt of one recipient. Use it when both numbers are known. Returns its total. Safe to retry.',
      }),
    ],
  },
  good: { tools: [getTool(), readTool()] },
  check: (model, report) => {
    const sets = model.tools
      .slice(0, LINT_COMPARED_TOOLS_MAX)
      .map((tool) => ({ tool, words: new Set(wordsOf(tool.description).slice(0, WORDS_MAX)) }));
    sets.forEach(({ tool, words }, index) => {
      if (words.size < WORDS_MIN) return;
      for (const earlier of sets.slice(0, index)) {
        const [small, large] =
          words.size < earlier.words.size ? [words, earlier.words] : [earlier.words, words];
        if (small.size < WORDS_MIN || small.size < SHARED_MIN * large.size || tool.name === earlier.tool.name)
          continue;
        let shared = 0;
        for (const word of small) if (large.has(word)) shared += 1;
        if (shared < SHARED_MIN * (small.size + large.size - shared)) continue;
        report({
          tool,
          path: '/description',
          message: `The description is nearly that of ${quote(earlier.tool.name)}.`,
        });
        return;
      }
    });
  },
};
