import { hasLostSchema } from '../../drift.ts';
import { bareTool, textParam } from '../../examples.ts';
import type { Rule } from '../../rule.ts';
import { createSnapshot } from '../../snapshot.ts';

export const serverDependencySchema: Rule = {
  id: 'server/dependency-schema',
  severity: 'error',
  provenance: 'guideline',
  summary: 'No input schema went empty since the snapshot.',
  rationale:
    'An update of a schema library can do it in silence. The tool still lists, and every model calls it without arguments.',
  hint: 'Pin the library that generates the schema, or pass a JSON Schema.',
  sources: ['survey'],
  bad: {
    tools: [bareTool()],
    snapshot: createSnapshot([
      bareTool({
        inputSchema: { type: 'object', additionalProperties: false, properties: { bank: textParam() } },
      }),
    ]),
  },
  good: { tools: [bareTool()], snapshot: createSnapshot([bareTool()]) },
  check: (model, report) => {
    const { snapshot } = model.input;
    if (snapshot === undefined) return;
    for (const tool of model.tools) {
      if (hasLostSchema(snapshot, tool))
        report({
          tool,
          path: '/inputSchema',
          message: 'The input schema had parameters, and has none any more.',
        });
    }
  },
};
