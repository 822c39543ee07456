import { defineTool } from 'breakwater';
import { z } from 'zod';

export const listTickets = defineTool({
  name: 'list_tickets',
  description: 'List tickets of this project, newest first.',
  input: z.object({
    status: z.enum(['open', 'done']).default('open').describe('State of the tickets to list.'),
    limit: z.int().min(1).max(100).default(20).describe('How many tickets to return.'),
  }),
  output: z.object({ tickets: z.array(z.object({ id: z.string(), title: z.string() })) }),
  effects: 'read',
  errors: {
    PROJECT_ARCHIVED: { retryable: false, recovery: 'Ask the user to unarchive the project.' },
  },
  limits: { timeoutMs: 2_000 },
  handler: ({ status, limit }, ctx) => {
    if (ctx.project.id === 'archived') return ctx.fail('PROJECT_ARCHIVED');
    const tickets = status === 'open' ? [{ id: '1', title: 'Rotate the keys' }] : [];
    return { tickets: tickets.slice(0, limit) };
  },
});
