import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { hasPhrase, phraseText } from '../../text/words.ts';

const PLACEHOLDERS = [
  'lorem ipsum',
  'description here',
  'description goes here',
  'add description',
  'add a description',
  'your description',
  'insert description',
  'no description provided',
  'no description available',
  'missing description',
  'tool description',
  'a brief description of the tool',
  'describe your tool',
  'describe what your tool does',
] as const;

function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  return /^(?:TODO|FIXME|TBD|XXX|N\/A|-|\.{1,3}|\?{1,3}|none|null|undefined)(?![A-Za-z0-9])/i.test(trimmed) &&
    !/^(?:todo|none|null) [a-z]/i.test(trimmed)
    ? true
    : hasPhrase(phraseText(text), PLACEHOLDERS) && trimmed.length < 80;
}

export const descPlaceholder: Rule = {
  id: 'desc/placeholder',
  severity: 'error',
  provenance: 'guideline',
  summary: 'No description is a placeholder.',
  rationale: 'The model takes it for the description.',
  hint: 'Write the description.',
  sources: ['survey'],
  bad: { tools: [withParams({ subject: textParam({ description: 'TODO: describe' }) })] },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachTool((tool, report) => {
    if (tool.description !== '' && isPlaceholder(tool.description)) {
      report({ tool, path: '/description', message: 'The description is a placeholder.' });
    }
    for (const param of tool.params) {
      if (param.description === '' || !isPlaceholder(param.description)) continue;
      report({
        tool,
        path: `${param.path}/description`,
        message: `The description of ${quote(param.name)} is a placeholder.`,
      });
    }
  }),
};
