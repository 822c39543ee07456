import { createServer } from 'breakwater';
import { triageTicket } from './prompt.ts';
import { ticket } from './resource.ts';
import { listTickets } from './tool.ts';

export const server = createServer({
  name: 'handoff',
  version: '1.0.0',
  tools: [listTickets],
  resources: [ticket],
  prompts: [triageTicket],
  auth: 'none',
});

if (process.argv[2] === '--http') {
  const { url } = await server.serveHttp({ port: 8788 });
  process.stderr.write(`listening on ${url}\n`);
} else if (process.argv[2] === '--stdio') {
  await server.serveStdio().finished;
}
