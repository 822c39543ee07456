import { exampleResource, readTool } from '../../examples.ts';
import { resourceItems } from '../../items.ts';
import { textMember } from '../../model.ts';
import type { Rule } from '../../rule.ts';

export const resourceDescription: Rule = {
  id: 'resource/description',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A resource has a description.',
  rationale: 'A person or a model chooses by it what to attach.',
  hint: 'Say what is in it and how current it is.',
  sources: ['mcp'],
  bad: { tools: [readTool()], resources: [exampleResource({ description: undefined })] },
  good: { tools: [readTool()], resources: [exampleResource()] },
  check: (model, report) => {
    for (const { raw, path } of resourceItems(model)) {
      if (textMember(raw, 'description').trim() === '')
        report({ path: `${path}/description`, message: 'There is no description.' });
    }
  },
};
