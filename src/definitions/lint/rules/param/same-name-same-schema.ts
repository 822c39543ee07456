import { numberParam, textParam, withParams, writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const paramSameNameSameSchema: Rule = {
  id: 'param/same-name-same-schema',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A parameter of one name has one type in all tools.',
  rationale: 'A model carries over what it has learnt from the first tool.',
  hint: 'Give one of them another name.',
  sources: ['arxiv-2602.18914'],
  bad: { tools: [withParams({ series: textParam() }), withParams({ series: numberParam() }, writeTool())] },
  good: { tools: [withParams({ series: textParam() }), withParams({ series: textParam() }, writeTool())] },
  check: (model, report) => {
    const seen = new Map<string, { readonly types: string; readonly tool: string }>();
    for (const tool of model.tools) {
      for (const param of tool.params) {
        const types = [...param.types]
          .map((type) => (type === 'integer' ? 'number' : type))
          .sort()
          .join(' or ');
        if (!param.isTopLevel || types === '') continue;
        const earlier = seen.get(param.name);
        if (earlier === undefined) seen.set(param.name, { types, tool: tool.name });
        else if (earlier.types !== types) {
          report({
            tool,
            path: param.path,
            message: `${quote(param.name)} is of type ${quote(types)}, in ${quote(earlier.tool)} of type ${quote(earlier.types)}.`,
          });
        }
      }
    }
  },
};
