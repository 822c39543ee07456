import { readTool } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

export const serverNoTools: Rule = {
  id: 'server/no-tools',
  severity: 'error',
  provenance: 'spec',
  isAlwaysOn: true,
  summary: 'There is something to lint.',
  rationale:
    'A list without tools has no findings. That is what a server that failed to start looks like, and not a clean one.',
  hint: 'Check that the right server or file was given, and that it lists its tools without a login.',
  sources: ['breakwater'],
  bad: { tools: [] },
  good: { tools: [readTool()] },
  check: (model, report) => {
    if (model.toolCount === 0) report({ path: '/tools', message: 'There are no tools.' });
  },
};
