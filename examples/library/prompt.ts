import { definePrompt } from 'breakwater';
import { z } from 'zod';

export const triageTicket = definePrompt({
  name: 'triage_ticket',
  description: 'Decide what should happen to a ticket.',
  input: z.object({
    id: z.string().describe('Id from list_tickets.'),
    depth: z.enum(['short', 'thorough']).default('short').describe('How much to write.'),
  }),
  render: ({ id, depth }) => `Read handoff://tickets/${id} and write a ${depth} recommendation.`,
});
