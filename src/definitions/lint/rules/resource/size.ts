import { exampleResource, readTool } from '../../examples.ts';
import { textMember } from '../../model.ts';
import type { Rule } from '../../rule.ts';
import { hasPhrase, phraseText } from '../../text/words.ts';

export const resourceSize: Rule = {
  id: 'resource/size',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A resource says how large it is.',
  rationale: 'A client can then warn before it fills the context with it.',
  hint: 'Add `size` in bytes, or say the most it can have.',
  sources: ['mcp'],
  bad: { tools: [readTool()], resources: [exampleResource({ size: undefined })] },
  good: { tools: [readTool()], resources: [exampleResource()] },
  check: (model, report) => {
    for (const { raw, path } of model.resources) {
      const text = phraseText(textMember(raw, 'description'));
      if (typeof raw['size'] !== 'number' && !hasPhrase(text, ['bytes', 'kb', 'mb', 'at most', 'up to']))
        report({ path, message: 'There is no size.' });
    }
  },
};
