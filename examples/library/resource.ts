import { defineResource } from 'breakwater';

const titles = new Map([['1', 'Rotate the keys']]);

export const ticket = defineResource({
  uri: 'handoff://tickets/{id}',
  name: 'ticket',
  description: 'One ticket of this project.',
  cacheMs: 5_000,
  complete: { id: (typed) => [...titles.keys()].filter((id) => id.startsWith(typed)) },
  // Undefined means that there is no such ticket.
  read: ({ id }) => titles.get(id),
});
