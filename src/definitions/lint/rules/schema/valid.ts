import { LINT_COMPILED_SUBSCHEMAS_MAX } from '../../../../platform/limits.ts';
import { compileSchema } from '../../../json-schema/index.ts';
import { readTool, textParam, withParams } from '../../examples.ts';
import type { Rule } from '../../rule.ts';
import { enumOf, isRemoteRef, refsIn } from '../../schema-shape.ts';

export const schemaValid: Rule = {
  id: 'schema/valid',
  severity: 'error',
  provenance: 'spec',
  summary: 'The input schema compiles in its dialect.',
  rationale:
    'A client that validates arguments cannot call the tool; one that does not passes on whatever the model wrote.',
  hint: 'Mend the schema; the message says which keyword.',
  sources: ['mcp', 'json-schema'],
  bad: { tools: [withParams({ subject: textParam({ maxLength: '100' }) })] },
  good: { tools: [readTool()] },
  check: (model, report) => {
    let budget = LINT_COMPILED_SUBSCHEMAS_MAX;
    for (const tool of model.tools) {
      // These have rules of their own, which say it better.
      const isElsewhere =
        tool.input['type'] !== 'object' ||
        tool.inputNodes.some(
          ({ schema, name }) =>
            refsIn(schema).some(isRemoteRef) || enumOf(schema)?.length === 0 || name === '__proto__',
        );
      budget -= tool.inputNodes.length;
      if (isElsewhere || budget < 0) continue;
      const compiled = compileSchema(tool.input, { strictRoot: false });
      if (!compiled.ok) report({ tool, path: '/inputSchema', message: `The schema ${compiled.problem}.` });
    }
  },
};
