import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { listenOnLoopback } from './loopback-server.ts';
import type { SdkUpstream } from './sdk-v2-upstream.ts';
import { NOTE_TEMPLATE, README_URI, UpstreamBehaviour } from './upstream-behaviour.ts';

export interface SdkV1Upstream extends SdkUpstream {
  /** Ids of the sessions that are open. */
  readonly sessions: () => readonly string[];
  /** Drops every session, as a restart would: their ids answer 404 from then on. */
  readonly forgetSessions: () => void;
}

/**
 * An HTTP upstream made with the official SDK v1: legacy revisions only,
 * answers as event streams, and a session that `initialize` opens and that
 * every later request has to name.
 */
export async function sdkV1HttpUpstream(): Promise<SdkV1Upstream> {
  const behaviour = new UpstreamBehaviour();
  const transports = new Map<string, StreamableHTTPServerTransport>();

  async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      const error = { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } };
      answer.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(error));
      return;
    }
    const transport = known ?? (await openSession());
    await transport.handleRequest(request, answer);
  }

  async function openSession(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        transports.set(id, transport);
      },
      onsessionclosed: (id) => {
        transports.delete(id);
      },
    });
    await createServer(behaviour).connect(transport as Transport);
    return transport;
  }

  const server = await listenOnLoopback((request, answer) => {
    void handle(request, answer).catch(() => answer.destroy());
  });
  return {
    url: `${server.origin}/mcp`,
    behaviour,
    sessions: () => [...transports.keys()],
    forgetSessions: () => transports.clear(),
    close: async () => {
      await Promise.allSettled([...transports.values()].map((transport) => transport.close()));
      await server.close();
    },
  };
}

function createServer(behaviour: UpstreamBehaviour): McpServer {
  const server = new McpServer({ name: 'sdk-v1-upstream', version: '1.0.0' });
  registerTools(server, behaviour);
  server.registerResource('readme', README_URI, { mimeType: 'text/plain' }, async (uri) => ({
    contents: [{ uri: uri.href, text: behaviour.note('readme') }],
  }));
  server.registerResource(
    'note',
    new ResourceTemplate(NOTE_TEMPLATE, { list: undefined }),
    { mimeType: 'text/plain' },
    async (uri, { name }) => ({ contents: [{ uri: uri.href, text: behaviour.note(String(name)) }] }),
  );
  server.registerPrompt(
    'greet',
    {
      description: 'Greets a person.',
      argsSchema: { name: completable(z.string(), (start) => behaviour.completeName(start)) },
    },
    ({ name }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: behaviour.greeting(name) } }],
    }),
  );
  return server;
}

function registerTools(server: McpServer, behaviour: UpstreamBehaviour): void {
  server.registerTool(
    'echo',
    {
      description: 'Echoes a message.',
      inputSchema: z.strictObject({ message: z.string() }),
      annotations: { readOnlyHint: true, idempotentHint: true },
    },
    async ({ message }) => behaviour.echo(message),
  );
  server.registerTool(
    'add',
    {
      description: 'Adds two numbers.',
      inputSchema: z.strictObject({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
    },
    async ({ a, b }) => behaviour.add(a, b),
  );
  server.registerTool(
    'slow',
    { description: 'Answers late.', inputSchema: z.strictObject({ ms: z.number() }) },
    async ({ ms }, extra) => behaviour.slow(ms, extra.signal),
  );
  server.registerTool(
    'big',
    { description: 'Answers much.', inputSchema: z.strictObject({ bytes: z.number() }) },
    async ({ bytes }) => behaviour.big(bytes),
  );
  server.registerTool('fail', { description: 'Fails.', inputSchema: z.strictObject({}) }, async () =>
    behaviour.fail(),
  );
}
