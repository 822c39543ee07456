import { driftBetween, hasLostSchema } from '../../drift.ts';
import { OTHER, readTool } from '../../examples.ts';
import type { Rule } from '../../rule.ts';
import { createSnapshot } from '../../snapshot.ts';

export const serverDrift: Rule = {
  id: 'server/drift',
  severity: 'error',
  provenance: 'security',
  summary: 'No tool changed since the snapshot in a way that breaks callers or misleads agents.',
  rationale:
    'A server that was approved can change a description or drop a hint afterwards; that is how trusted servers are turned. ' +
    'And a parameter that became required breaks every agent that learnt the tool.',
  hint: 'Look at the difference; take a new snapshot if it is meant.',
  sources: ['github', 'poisoning'],
  bad: { tools: [readTool()], snapshot: createSnapshot([readTool({ description: OTHER })]) },
  good: { tools: [readTool()], snapshot: createSnapshot([readTool()]) },
  check: (model, report) => {
    const { snapshot } = model.input;
    if (snapshot === undefined) return;
    const tools = new Map(model.tools.map((tool) => [tool.name, tool]));
    const raw = new Map(model.tools.map((tool) => [tool.name, tool.raw]));
    for (const { kind, tool: name, path, message } of driftBetween(snapshot, raw)) {
      const tool = tools.get(name);
      // That a whole schema went empty has a rule of its own.
      if (tool !== undefined && path.startsWith('/inputSchema') && hasLostSchema(snapshot, tool)) continue;
      report({
        ...(tool === undefined ? { toolName: name } : { tool }),
        path,
        message,
        severity: kind === 'breaking' ? 'error' : 'info',
      });
    }
  },
};
