import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { completable, createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { listenOnLoopback } from './loopback-server.ts';
import { NOTE_TEMPLATE, README_URI, UpstreamBehaviour } from './upstream-behaviour.ts';

export interface SdkUpstream {
  readonly url: string;
  readonly behaviour: UpstreamBehaviour;
  readonly close: () => Promise<void>;
}

/**
 * An HTTP upstream made with the official SDK v2. It serves 2026-07-28 and,
 * statelessly, the older revisions, as that SDK does by default.
 */
export async function sdkV2HttpUpstream(): Promise<SdkUpstream> {
  const behaviour = new UpstreamBehaviour();
  const handler = createMcpHandler(() => createServer(behaviour));
  const respond = toNodeHandler(handler);
  const server = await listenOnLoopback((request, answer) => {
    // The adapter's type has no `undefined` members; the object itself is what it expects.
    void respond(request as NodeIncomingMessageLike, answer);
  });
  return {
    url: `${server.origin}/mcp`,
    behaviour,
    close: async () => {
      await handler.close();
      await server.close();
    },
  };
}

function createServer(behaviour: UpstreamBehaviour): McpServer {
  const server = new McpServer({ name: 'sdk-v2-upstream', version: '1.0.0' });
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
      argsSchema: z.object({ name: completable(z.string(), (start) => behaviour.completeName(start)) }),
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
    async ({ ms }, ctx) => behaviour.slow(ms, ctx.mcpReq.signal),
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
