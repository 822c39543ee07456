import { readTool, withOutputs } from '../../examples.ts';
import { quoteList } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const outputDescribed: Rule = {
  id: 'output/described',
  severity: 'info',
  provenance: 'guideline',
  summary: 'The members of a result are described.',
  rationale: 'What a model does not understand it leaves out, or makes up.',
  hint: 'Add a description to each member of the output schema.',
  sources: ['arxiv-2602.14878'],
  bad: { tools: [withOutputs({ remark: { type: 'string' } })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const bare = tool.outputs.filter(({ description }) => description.trim() === '');
    const [first] = bare;
    if (first !== undefined)
      report({
        tool,
        path: first.path,
        message: `Not described: ${quoteList(bare.map(({ name }) => name))}.`,
      });
  }),
};
