import { readTool, withOutputs } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isSecretName } from '../../text/secrets.ts';

export const outputSecretField: Rule = {
  id: 'output/secret-field',
  severity: 'error',
  provenance: 'security',
  summary: 'No member of a result is a credential.',
  rationale: 'What a tool returns is in the context, and the next tool call can carry it away.',
  hint: 'Leave it out, or return a reference to it.',
  sources: ['poisoning'],
  bad: { tools: [withOutputs({ api_key: { type: 'string', description: 'Opens the archive.' } })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    for (const { words, text, types, path, name } of tool.outputs) {
      if (isSecretName(words, text) && (types.length === 0 || types.includes('string')))
        report({ tool, path, message: `The result contains ${quote(name)}.` });
    }
  }),
};
