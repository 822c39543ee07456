import { describe, expect, it } from 'vitest';
import { triageTicket } from '../../examples/library/prompt.ts';
import { ticket } from '../../examples/library/resource.ts';
import { listTickets } from '../../examples/library/tool.ts';
import { server } from '../../examples/library/server.ts';
import { connect } from 'breakwater/testing';

/** The three snippets of the README, as they stand there. */
describe('the examples', () => {
  const client = connect(server);

  it('a tool', async () => {
    expect((await client.callTool('list_tickets')).structured).toEqual({
      tickets: [{ id: '1', title: 'Rotate the keys' }],
    });
    const [listed] = await client.listTools();
    expect(listed?.['description']).toBe(
      'List tickets of this project, newest first. Safe to retry. Errors: PROJECT_ARCHIVED (permanent: Ask the user to unarchive the project).',
    );
    expect(listTickets.isRetrySafe).toBe(true);
  });

  it('a resource', async () => {
    expect(await client.readResource('handoff://tickets/1')).toBe('Rotate the keys');
    expect(await client.complete({ template: ticket.template.text }, { name: 'id', value: '' })).toEqual([
      '1',
    ]);
  });

  it('a prompt', async () => {
    expect(await client.getPrompt(triageTicket.name, { id: '1' })).toEqual([
      'Read handoff://tickets/1 and write a short recommendation.',
    ]);
  });
});
