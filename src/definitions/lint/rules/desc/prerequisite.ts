import { getTool, readTool, textParam } from '../../examples.ts';
import type { ToolModel } from '../../model.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { isListing } from '../../text/paging.ts';
import { hasPhrase, phraseText, singular } from '../../text/words.ts';

/** The nouns of names such as `list_customers`, in the singular, with the name of the tool. */
function listersOf(tools: readonly ToolModel[]): ReadonlyMap<string, string> {
  const listers = new Map<string, string>();
  for (const tool of tools) {
    const noun = tool.words[tool.words.length - 1];
    if (noun !== undefined && isListing(tool) && !listers.has(singular(noun)))
      listers.set(singular(noun), tool.name);
  }
  return listers;
}

export const descPrerequisite: Rule = {
  id: 'desc/prerequisite',
  severity: 'info',
  provenance: 'guideline',
  summary: 'Where an id comes from another tool of the server, that tool is named.',
  rationale: 'Without it a model invents the id, or asks its user for it.',
  hint: 'Add "from …" with the name of the tool to the description of the parameter.',
  sources: ['anthropic'],
  bad: {
    tools: [
      readTool(),
      getTool({
        inputSchema: {
          type: 'object',
          additionalProperties: false,
          required: ['invoice_id'],
          properties: {
            invoice_id: textParam({ description: 'The invoice to fetch, e.g. inv_123.' }),
            with_positions: { type: 'boolean', description: 'Also its single positions.' },
          },
        },
      }),
    ],
  },
  good: { tools: [readTool(), getTool()] },
  check: (model, report) => {
    const listers = listersOf(model.tools);
    for (const tool of model.tools) {
      for (const param of tool.params) {
        const [noun, last] = param.words.slice(-2);
        const lister = last === 'id' && noun !== undefined ? listers.get(noun) : undefined;
        if (lister === undefined || lister === tool.name || !param.isRequired) continue;
        const known = phraseText(lister).trim();
        if (hasPhrase(param.text, [known]) || hasPhrase(tool.text, [known])) continue;
        report({
          tool,
          path: param.path,
          message: `${quote(param.name)} does not say that it comes from ${quote(lister)}.`,
        });
      }
    }
  },
};
