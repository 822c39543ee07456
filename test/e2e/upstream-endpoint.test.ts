/** `/mcp/<upstream>`: one upstream under its own names. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConnectedClient,
  createCleanup,
  everythingServer,
  gatewayConfig,
  type GatewayProcess,
  legacyClient,
  legacyStdioClient,
  modernClient,
  modernRequest,
  NOTE_TEMPLATE,
  rawPost,
  README_URI,
  rejectionCode,
  sdkV1HttpUpstream,
  sdkV2HttpUpstream,
  startGateway,
} from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

let gateway: GatewayProcess;
beforeAll(async () => {
  const modern = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
  const sessions = cleanup.add(await sdkV1HttpUpstream(), (thing) => thing.close());
  const servers = {
    everything: everythingServer(),
    modern: { url: modern.url },
    sessions: { url: sessions.url },
  };
  const config = gatewayConfig(servers, { limits: { rate: { calls: 1000, window_ms: 60_000 } } });
  gateway = cleanup.add(await startGateway({ config }), (thing) => thing.stop());
});

const pairs = [
  { upstream: 'modern', name: 'SDK v1 client', connect: legacyClient },
  { upstream: 'modern', name: 'SDK v2 client', connect: modernClient },
  { upstream: 'sessions', name: 'SDK v1 client', connect: legacyClient },
  { upstream: 'sessions', name: 'SDK v2 client', connect: modernClient },
] as const;

describe.each(pairs)('$name on /mcp/$upstream', ({ upstream, connect }) => {
  let client: ConnectedClient;
  beforeAll(async () => {
    client = cleanup.add(await connect(gateway.endpointOf(upstream), gateway.token), (thing) =>
      thing.close(),
    );
  });

  it('shows the tools, resources and prompts of this upstream alone, under their own names', async () => {
    expect(await client.toolNames()).toEqual(['echo', 'add', 'slow', 'big', 'fail']);
    expect(await client.resourceUris()).toEqual([README_URI]);
    expect(await client.resourceTemplates()).toEqual([NOTE_TEMPLATE]);
    expect(await client.promptNames()).toEqual(['greet']);
  });

  it('calls, reads, gets and completes', async () => {
    expect((await client.callTool('echo', { message: 'x' })).text).toBe('Echo: x');
    expect((await client.callTool('add', { a: 1, b: 2 })).structuredContent).toEqual({ sum: 3 });
    expect(await client.readResource('notes://any')).toBe('Note any');
    expect(await client.getPrompt('greet', { name: 'Grace' })).toBe('Greet Grace politely.');
    expect(await client.completePrompt('greet', { name: 'name', value: 'G' })).toEqual(['Grace']);
  });

  it('carries a result of one megabyte unchanged', async () => {
    const bytes = 1_000_000;
    expect((await client.callTool('big', { bytes })).text).toBe('x'.repeat(bytes));
  });

  it('answers an unknown tool with -32602', async () => {
    expect(await rejectionCode(client.callTool('modern__echo', { message: 'x' }))).toBe(-32602);
  });
});

it('shows the same tools of server-everything as a direct connection does', async () => {
  const { command, args } = everythingServer();
  const direct = cleanup.add(await legacyStdioClient(command, args), (thing) => thing.close());
  const through = cleanup.add(await legacyClient(gateway.endpointOf('everything'), gateway.token), (thing) =>
    thing.close(),
  );
  expect(await through.toolNames()).toEqual(await direct.toolNames());
  expect(await through.promptNames()).toEqual(await direct.promptNames());
  expect(await through.resourceUris()).toEqual(await direct.resourceUris());
});

it('answers 404 for an upstream that does not exist', async () => {
  const request = modernRequest('tools/list', {}, { token: gateway.token });
  expect((await rawPost(gateway.endpointOf('nonexistent'), request)).status).toBe(404);
});
