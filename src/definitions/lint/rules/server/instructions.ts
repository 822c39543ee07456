import { exampleServer, readTool } from '../../examples.ts';
import type { Rule } from '../../rule.ts';

const CHARS_MAX = 2_048;

export const serverInstructions: Rule = {
  id: 'server/instructions',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A server has instructions of at most 2,048 characters.',
  rationale:
    'What holds for all tools is said there once instead of in every description. Clients cut longer ones.',
  hint: 'Say in a few sentences what the server is for and in which order its tools are used.',
  sources: ['survey'],
  bad: { server: exampleServer({ instructions: '' }), tools: [readTool()] },
  good: { server: exampleServer(), tools: [readTool()] },
  check: (model, report) => {
    const { server } = model.input;
    if (server === undefined) return;
    const length = (server.instructions ?? '').length;
    if (length === 0) report({ path: '/server/instructions', message: 'The server has no instructions.' });
    if (length > CHARS_MAX)
      report({
        path: '/server/instructions',
        severity: 'warning',
        message: `The instructions have ${length} characters.`,
      });
  },
};
