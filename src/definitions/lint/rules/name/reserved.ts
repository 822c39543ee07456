import { readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const RESERVED: ReadonlySet<string> = new Set([
  'initialize',
  'initialized',
  'ping',
  'tools list',
  'tools call',
  'resources list',
  'resources read',
  'resources templates list',
  'resources subscribe',
  'prompts list',
  'prompts get',
  'completion complete',
  'logging set level',
  'sampling create message',
  'elicitation create',
  'roots list',
  'server discover',
  'tasks get',
  'tasks cancel',
  'tasks result',
]);

export const nameReserved: Rule = {
  id: 'name/reserved',
  severity: 'warning',
  provenance: 'heuristic',
  summary: 'A name is not that of a protocol method.',
  rationale: 'A tool `tools_list` is mistaken for the request, by models and by the people who read logs.',
  hint: 'Choose another name.',
  sources: ['mcp'],
  bad: { tools: [readTool({ name: 'tools_list' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (RESERVED.has(tool.words.join(' '))) {
      report({ tool, path: '/name', message: `${quote(tool.name)} is the name of a protocol method.` });
    }
  }),
};
