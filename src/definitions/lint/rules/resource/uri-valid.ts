import { RESOURCE_URI_CHARS_MAX } from '../../../../platform/limits.ts';
import { exampleResource, readTool } from '../../examples.ts';
import { resourceItems } from '../../items.ts';
import { textMember } from '../../model.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { hasCredential } from '../../text/secrets.ts';

/** RFC 3986: a scheme, a colon, and no character that a URI may not have. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const TEMPLATE = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%{}|^]+$/;

export const resourceUriValid: Rule = {
  id: 'resource/uri-valid',
  severity: 'error',
  provenance: 'spec',
  summary: 'A resource has a valid URI without a credential in it.',
  rationale:
    'Clients pass the URI back as it is; one that is not valid cannot be read, and one with a password is shown to everyone.',
  hint: 'Write `scheme://path` with percent-encoding, and no user or password.',
  sources: ['rfc-3986', 'mcp'],
  bad: { tools: [readTool()], resources: [exampleResource({ uri: 'tax rates' })] },
  good: { tools: [readTool()], resources: [exampleResource()] },
  check: (model, report) => {
    for (const { raw, path, uriMember } of resourceItems(model)) {
      const uri = textMember(raw, uriMember).slice(0, RESOURCE_URI_CHARS_MAX);
      const place = `${path}/${uriMember}`;
      if (!(uriMember === 'uri' ? URI : TEMPLATE).test(uri))
        report({ path: place, message: `${quote(uri)} is not a URI.` });
      else if (/^[^:]+:\/\/[^/?#]*:[^/?#]*@/.test(uri) || hasCredential(uri))
        report({ path: place, message: 'The URI contains a credential.' });
    }
  },
};
