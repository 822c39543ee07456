import { readTool, textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { isSecretName } from '../../text/secrets.ts';

export const paramSecret: Rule = {
  id: 'param/secret',
  severity: 'error',
  provenance: 'security',
  summary: 'No credential is an argument.',
  rationale:
    'What the model passes stands in transcripts, logs and the provider’s storage, and a prompt injection can read it from there.',
  hint: 'Take the credential from the configuration of the server, or ask the user by elicitation.',
  sources: ['poisoning', 'anthropic-directory'],
  bad: {
    tools: [withParams({ api_key: textParam({ description: 'Opens the archive of the year before.' }) })],
  },
  good: { tools: [readTool()] },
  check: eachParam((param, report) => {
    if (Object.hasOwn(param.schema, 'x-mcp-header') || !isSecretName(param.words, param.text)) return;
    if (param.types.length > 0 && !param.types.includes('string')) return;
    report({ message: `${quote(param.name)} is a credential that the model would have to know.` });
  }),
};
