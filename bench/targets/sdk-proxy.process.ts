/**
 * The proxy that a user writes in an afternoon with the official SDK v2, after
 * its own documentation: one client to the upstream, one handler that makes a
 * server per request and hands the tool methods on.
 *
 * Started as a process of its own: `sdk-proxy.process.ts UPSTREAM_URL`.
 */
import { createServer } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import { announceReady } from './announce.ts';

const identity = { name: 'sdk-proxy', version: '1.0.0' };
const client = new Client(identity, { versionNegotiation: { mode: 'auto' } });
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2] ?? '')));

const handler = createMcpHandler(() => {
  const server = new Server(identity, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', async () => client.listTools());
  server.setRequestHandler('tools/call', async (request, ctx) =>
    client.callTool(request.params, { signal: ctx.mcpReq.signal }),
  );
  return server;
});

const respond = toNodeHandler(handler);
announceReady(
  createServer((request, answer) => {
    // The adapter's type has no `undefined` members; the object itself is what it expects.
    void respond(request as NodeIncomingMessageLike, answer);
  }),
  '/mcp',
);
