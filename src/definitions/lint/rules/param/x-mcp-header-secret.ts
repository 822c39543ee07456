import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { isSecretName } from '../../text/secrets.ts';

export const paramXMcpHeaderSecret: Rule = {
  id: 'param/x-mcp-header-secret',
  severity: 'error',
  provenance: 'security',
  summary: 'No credential travels in a header that mirrors a parameter.',
  rationale: 'Intermediaries log these headers; that is what they are for.',
  hint: 'Take the credential from the configuration of the server.',
  sources: ['mcp'],
  bad: {
    tools: [
      withParams({
        api_key: textParam({ 'x-mcp-header': 'Key', description: 'Opens the archive of the year before.' }),
      }),
    ],
  },
  good: { tools: [withParams({ region: textParam({ 'x-mcp-header': 'Region' }) })] },
  check: eachParam((param, report) => {
    if (!Object.hasOwn(param.schema, 'x-mcp-header') || !isSecretName(param.words, param.text)) return;
    report({ message: `${quote(param.name)} is a credential and is mirrored into a header.` });
  }),
};
