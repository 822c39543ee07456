import { readTool } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { DESCRIPTION_CHARS_MIN, textLength } from '../../text/length.ts';
import { isTautology } from '../../text/tautology.ts';

/** Below it a description cannot tell a tool from its neighbours at all. */
const CHARS_ERROR = 20;

export const descMinLength: Rule = {
  id: 'desc/min-length',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'A description is long enough to choose the tool by: 50 characters or more.',
  rationale: 'A few words repeat the name. The model then finds out by calling what the tool is for.',
  hint: 'Say what the tool does, when to use it and when not, and what it returns.',
  sources: ['anthropic', 'survey'],
  bad: { tools: [readTool({ description: 'Finds a bill.' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const length = textLength(tool.description);
    if (length === 0 || length >= DESCRIPTION_CHARS_MIN || isTautology(tool.description, tool.words)) return;
    report({
      tool,
      path: '/description',
      severity: length < CHARS_ERROR ? 'error' : 'warning',
      message: `The description has ${length} characters.`,
    });
  }),
};
