import { bareTool, deleteTool, readTool, writeTool } from '../../examples.ts';
import { quote, quoteList } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { mostCommon } from '../../text/names.ts';
import { verbKind } from '../../text/verbs.ts';

/** Tools from which on a shared first word is a prefix, and not chance. */
const PREFIXED_MIN = 3;

export const nameNamespaceConsistent: Rule = {
  id: 'name/namespace-consistent',
  severity: 'info',
  provenance: 'guideline',
  summary: 'Either all names of a server start with its prefix, or none does.',
  rationale: 'A prefix groups tools. One that most tools have makes the rest look like another server’s.',
  hint: 'Give the prefix to all of them, or take it away from all.',
  sources: ['anthropic'],
  bad: {
    tools: [
      readTool({ name: 'billing_search_invoices' }),
      writeTool({ name: 'billing_create_quote' }),
      deleteTool({ name: 'billing_delete_quote' }),
      bareTool(),
    ],
  },
  good: { tools: [readTool(), writeTool(), deleteTool(), bareTool()] },
  check: (model, report) => {
    const named = model.tools.filter(({ words }) => words.length > 1);
    const first = mostCommon(named.map(({ words }) => words[0]));
    if (first === undefined || verbKind(first) !== undefined) return;
    const others = named.filter(({ words }) => words[0] !== first);
    const prefixed = named.length - others.length;
    if (prefixed < PREFIXED_MIN || others.length === 0 || others.length * 2 > prefixed) return;
    report({
      message: `${prefixed} names start with ${quote(first)}, but not ${quoteList(others.map(({ name }) => name))}.`,
    });
  },
};
