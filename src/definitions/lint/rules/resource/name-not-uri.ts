import { exampleResource, readTool } from '../../examples.ts';
import { resourceItems } from '../../items.ts';
import { textMember } from '../../model.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const resourceNameNotUri: Rule = {
  id: 'resource/name-not-uri',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A resource has a name that is not its URI.',
  rationale: 'The name is what a person picks from a list.',
  hint: 'Give it a short name, and a title for people.',
  sources: ['mcp'],
  bad: { tools: [readTool()], resources: [exampleResource({ name: 'ledger://tax-rates' })] },
  good: { tools: [readTool()], resources: [exampleResource()] },
  check: (model, report) => {
    for (const { raw, path, uriMember } of resourceItems(model)) {
      const name = textMember(raw, 'name');
      if (name === '' || name === raw[uriMember] || /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(name)) {
        report({
          path: `${path}/name`,
          message: name === '' ? 'There is no name.' : `The name ${quote(name)} is a URI.`,
        });
      }
    }
  },
};
