import { deleteTool, textParam } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isComposed } from '../../schema-shape.ts';

const NEEDY: ReadonlySet<string> = new Set([
  'delete',
  'remove',
  'send',
  'create',
  'update',
  'assign',
  'move',
  'rename',
  'approve',
  'charge',
  'refund',
  'read',
  'write',
]);

export const paramNoRequired: Rule = {
  id: 'param/no-required',
  severity: 'info',
  provenance: 'heuristic',
  summary: 'A tool that cannot work without an argument requires one.',
  rationale: 'With everything optional a model leaves out what matters and learns of it from an error.',
  hint: 'List under `required` what the tool cannot do without.',
  sources: ['survey'],
  bad: {
    tools: [
      deleteTool({
        inputSchema: {
          type: 'object',
          additionalProperties: false,
          properties: { quote_number: textParam(), customer_number: textParam() },
        },
      }),
    ],
  },
  good: { tools: [deleteTool()] },
  check: eachTool((tool, report) => {
    const top = tool.params.filter(({ isTopLevel }) => isTopLevel);
    if (top.length === 0 || tool.verb === undefined || !NEEDY.has(tool.verb.verb) || isComposed(tool.input))
      return;
    if (top.some(({ isRequired, effective }) => isRequired || Object.hasOwn(effective, 'default'))) return;
    report({ tool, path: '/inputSchema', message: 'No parameter is required.' });
  }),
};
