import { readTool, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isRemoteRef, refsIn } from '../../schema-shape.ts';

export const schemaRemoteRef: Rule = {
  id: 'schema/remote-ref',
  severity: 'error',
  provenance: 'security',
  summary: 'No reference leads out of the schema.',
  rationale:
    'Clients must not fetch it, so the schema is incomplete; one that does fetch it lets the server make it call any address.',
  hint: 'Copy the definition into the schema.',
  sources: ['mcp'],
  bad: {
    tools: [
      withParams({
        sender: { $ref: 'https://schemas.example.com/sender.json', description: 'Who sent the invoice.' },
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    for (const { schema, path } of [...tool.inputNodes, ...tool.outputNodes]) {
      const remote = refsIn(schema).find(isRemoteRef);
      if (remote !== undefined)
        report({ tool, path, message: `The reference ${quote(remote)} leads out of the schema.` });
    }
  }),
};
