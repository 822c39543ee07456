import { exampleResource, readTool } from '../../examples.ts';
import { resourceItems } from '../../items.ts';
import { textMember } from '../../model.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const resourceMime: Rule = {
  id: 'resource/mime',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A resource says what type it has.',
  rationale: 'Without a MIME type a client guesses whether it can show the content or has to attach it.',
  hint: 'Add mimeType.',
  sources: ['mcp'],
  bad: { tools: [readTool()], resources: [exampleResource({ mimeType: undefined })] },
  good: { tools: [readTool()], resources: [exampleResource()] },
  check: (model, report) => {
    for (const { raw, path, kind } of resourceItems(model)) {
      const type = textMember(raw, 'mimeType');
      // The contents of a template may differ in type.
      if (kind === 'template' && type === '') continue;
      if (!/^[a-z0-9.+-]{1,64}\/[a-z0-9.+*-]{1,100}(?:;.{0,100})?$/i.test(type)) {
        report({
          path: `${path}/mimeType`,
          message: type === '' ? 'There is no MIME type.' : `${quote(type)} is not a MIME type.`,
        });
      }
    }
  },
};
