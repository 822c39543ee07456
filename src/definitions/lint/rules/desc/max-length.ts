import { GOOD, readTool } from '../../examples.ts';
import { textMember } from '../../model.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { tokensOf } from '../../tokens.ts';

const CHARS_WARNING = 1_024;
const CHARS_ERROR = 2_048;

export const descMaxLength: Rule = {
  id: 'desc/max-length',
  severity: 'warning',
  provenance: 'portability',
  summary: 'A description has at most 1,024 characters.',
  rationale:
    'OpenAI cuts or refuses longer ones, every conversation pays for them, and agents take more steps with long ' +
    'descriptions, not fewer.',
  hint: 'Move details to the descriptions of parameters, to the server’s instructions or to a resource.',
  sources: ['openai', 'arxiv-2602.14878'],
  bad: {
    tools: [
      readTool({
        description:
          `${GOOD} ${'Words are compared with number, recipient and every position of it. '.repeat(13)}`.trim(),
      }),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const length = textMember(tool.raw, 'description').length;
    if (length <= CHARS_WARNING) return;
    report({
      tool,
      path: '/description',
      severity: length > CHARS_ERROR ? 'error' : 'warning',
      message: `The description has ${length} characters, about ${tokensOf(length)} tokens in every conversation.`,
    });
  }),
};
