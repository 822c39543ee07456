/**
 * mcp-proxy (npm) in front of the same HTTP upstream. Its command line fronts
 * stdio servers only, which would add a pipe that the other targets do not
 * have; so this wires the same parts that its command line wires
 * (`startHTTPServer` and `proxyServer`) to an HTTP client instead, and chooses
 * what is fastest for it: stateless, JSON answers, no event store, no SSE.
 *
 * Started as a process of its own: `mcp-proxy.process.ts UPSTREAM_URL`.
 */
import { createServer as createTcpServer } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Server } from '@modelcontextprotocol/server';
import { proxyServer, startHTTPServer } from 'mcp-proxy';
import { printReady } from './announce.ts';

const identity = { name: 'mcp-proxy', version: '1.0.0' };
const client = new Client(identity, { versionNegotiation: { mode: 'auto' } });
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2] ?? '')));
const serverCapabilities = client.getServerCapabilities() ?? {};

const port = await freePort();
await startHTTPServer({
  createServer: async () => {
    const server = new Server(identity, { capabilities: serverCapabilities });
    await proxyServer({ client, server, serverCapabilities });
    return server;
  },
  enableJsonResponse: true,
  eventStore: false,
  host: '127.0.0.1',
  modern: true,
  port,
  sseEndpoint: null,
  stateless: true,
});
printReady(`http://127.0.0.1:${port}/mcp`);

/** mcp-proxy does not say which port it was given, so it cannot be started on port 0. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createTcpServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
        else resolve(address.port);
      });
    });
  });
}
