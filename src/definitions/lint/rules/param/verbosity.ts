import { readTool, withOutputs } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isListing } from '../../text/paging.ts';
import { hasPhrase } from '../../text/words.ts';

const MEMBERS_MIN = 12;
const CHOICES = [
  'response format',
  'fields',
  'verbosity',
  'detail',
  'detailed',
  'details',
  'include',
  'format',
  'view',
  'select',
  'columns',
  'concise',
  'verbose',
] as const;

export const paramVerbosity: Rule = {
  id: 'param/verbosity',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A tool with a large result lets the caller choose how much of it.',
  rationale: 'An agent that needs three members pays for thirty, in every step that follows.',
  hint: 'Add `response_format` with the values concise and detailed, or `fields`.',
  sources: ['anthropic'],
  bad: {
    tools: [
      withOutputs(
        Object.fromEntries(
          [
            'city',
            'street',
            'country',
            'company',
            'contact',
            'phone',
            'fax',
            'web',
            'branch',
            'sector',
            'owner',
            'notes',
          ].map((name) => [name, { type: 'string', description: `As printed under ${name}.` }]),
        ),
      ),
    ],
  },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    if (tool.outputs.length < MEMBERS_MIN || !isListing(tool)) return;
    const hasChoice = tool.params.some(({ words }) => hasPhrase(` ${words.join(' ')} `, CHOICES));
    if (!hasChoice)
      report({
        tool,
        path: '/inputSchema',
        message: `The result has ${tool.outputs.length} members, and the caller cannot choose among them.`,
      });
  }),
};
