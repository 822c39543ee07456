import { GOOD, readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

const OPENINGS = [
  'this tool',
  'a tool',
  'the tool',
  'tool to',
  'tool for',
  'tool that',
  'use this tool to',
  'this function',
  'a function',
  'this endpoint',
  'this method',
  'this api',
  'allows you to',
  'allows the user to',
  'lets you',
] as const;

export const descFirstSentenceVerb: Rule = {
  id: 'desc/first-sentence-verb',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A description starts with what the tool does.',
  rationale: 'Where hosts search for tools, the first words are what is shown and compared.',
  hint: 'Start with the verb: "Search …" instead of "This tool is used to search …".',
  sources: ['anthropic'],
  bad: {
    tools: [
      readTool({ description: `This tool is there to ${GOOD.charAt(0).toLowerCase()}${GOOD.slice(1)}` }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const opening = OPENINGS.find((one) => tool.text.startsWith(` ${one} `));
    if (opening !== undefined) {
      report({ tool, path: '/description', message: `The description starts with "${opening}".` });
    }
  }),
};
