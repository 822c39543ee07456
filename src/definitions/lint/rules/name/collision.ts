import { readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const nameCollision: Rule = {
  id: 'name/collision',
  severity: 'error',
  provenance: 'spec',
  summary: 'No two servers expose the same name to one agent.',
  rationale:
    'One of the two is never called, or a call meant for one server reaches the other with its arguments.',
  hint: 'Give one of the servers a prefix.',
  sources: ['arxiv-2602.18914'],
  bad: { tools: [readTool()], peers: [{ server: 'archive', prefix: '', tools: ['search_invoices'] }] },
  good: {
    tools: [readTool()],
    peers: [{ server: 'archive', prefix: 'archive_', tools: ['search_invoices'] }],
  },
  check: (model, report) => {
    const owners = new Map<string, string>();
    for (const { server, prefix, tools } of model.input.peers ?? []) {
      for (const name of tools) owners.set(`${prefix}${name}`, server);
    }
    for (const tool of model.tools) {
      const exposed = `${model.input.prefix ?? ''}${tool.name}`;
      const owner = owners.get(exposed);
      if (owner === undefined || tool.name === '') continue;
      report({
        tool,
        path: '/name',
        message: `${quote(exposed)} is also exposed by the server ${quote(owner)}.`,
      });
    }
  },
};
