import { textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasCredential } from '../../text/secrets.ts';
import { textsOf } from '../../text/texts.ts';

export const paramSecretDefault: Rule = {
  id: 'param/secret-default',
  severity: 'error',
  provenance: 'security',
  summary: 'No default, example or enum contains a credential.',
  rationale: 'Schemas are sent to every client and to the model provider.',
  hint: 'Revoke the credential and keep it in the configuration of the server.',
  sources: ['poisoning'],
  bad: {
    tools: [
      withParams({
        subject: textParam({ examples: [`ghp_${'a1B2c3D4e5F6g7H8i9'}${'J0k1L2m3N4o5P6q7R8'}`] }),
      }),
    ],
  },
  good: { tools: [withParams({ subject: textParam({ examples: ['ghp_your_token'] }) })] },
  check: eachTool((tool, report) => {
    for (const { path, text, isValue } of textsOf(tool)) {
      if (isValue && hasCredential(text))
        report({ tool, path, message: 'The value looks like a credential.' });
    }
  }),
};
