import { annotated, readTool } from '../../examples.ts';
import type { JsonEdit } from '../../finding.ts';
import { textMember } from '../../model.ts';
import { eachTool, type Rule } from '../../rule.ts';

export const annotTitle: Rule = {
  id: 'annot/title',
  severity: 'warning',
  strict: 'error',
  provenance: 'guideline',
  summary: 'A tool has a title for people, in `title` and in `annotations.title`.',
  rationale: 'Hosts show it when they ask for permission. Which of the two they read depends on their age.',
  hint: 'Write the name as a person would say it, in both places.',
  sources: ['anthropic-directory'],
  fix: 'unsafe',
  bad: { tools: [annotated({ title: undefined })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const title = textMember(tool.raw, 'title');
    const hint = textMember(tool.annotations, 'title');
    if (title !== '' && hint !== '') return;
    const words = tool.words.join(' ');
    const value = title || hint || `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
    const missing = [...(title === '' ? ['title'] : []), ...(hint === '' ? ['annotations.title'] : [])];
    const edits: JsonEdit[] = [];
    if (title === '') edits.push({ op: 'add', path: '/title', value });
    if (hint === '')
      edits.push({ op: 'add', path: '/annotations', value: { ...tool.annotations, title: value } });
    report({
      tool,
      path: title === '' ? '/title' : '/annotations/title',
      severity: missing.length === 1 ? 'info' : 'warning',
      message: `There is no ${missing.join(' and no ')}.`,
      ...(value === '' ? {} : { fix: { isSafe: false, edits } }),
    });
  }),
};
