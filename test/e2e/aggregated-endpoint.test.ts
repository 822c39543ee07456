/** The aggregated endpoint, `/mcp`, in front of five real servers, through both generations of the official client. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConnectedClient,
  createCleanup,
  everythingServer,
  filesystemServer,
  gatewayConfig,
  type GatewayProcess,
  legacyClient,
  memoryServer,
  modernClient,
  README_URI,
  rejectionCode,
  sdkV1HttpUpstream,
  sdkV2HttpUpstream,
  startGateway,
  tempDir,
} from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

let gateway: GatewayProcess;
let folder: string;

beforeAll(async () => {
  const files = cleanup.add(await tempDir(), (thing) => thing.remove());
  const memory = cleanup.add(await tempDir(), (thing) => thing.remove());
  folder = files.path;
  const modern = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
  const sessions = cleanup.add(await sdkV1HttpUpstream(), (thing) => thing.close());
  const config = gatewayConfig(
    {
      everything: everythingServer(),
      files: filesystemServer(folder),
      memory: memoryServer(join(memory.path, 'memory.jsonl')),
      modern: { url: modern.url },
      sessions: { url: sessions.url },
    },
    // Both clients of this file share the project; 60 calls a minute are for agents, not for a suite.
    { limits: { rate: { calls: 1000, window_ms: 60_000 } } },
  );
  gateway = cleanup.add(await startGateway({ config }), (thing) => thing.stop());
});

const clients = [
  { name: 'SDK v1 client (legacy)', connect: legacyClient, revision: '2025-11-25' },
  { name: 'SDK v2 client (2026-07-28)', connect: modernClient, revision: '2026-07-28' },
] as const;

describe.each(clients)('$name', ({ connect, revision }) => {
  let client: ConnectedClient;
  beforeAll(async () => {
    client = cleanup.add(await connect(gateway.url, gateway.token), (thing) => thing.close());
  });

  it('negotiates its own newest revision', () => {
    expect(client.revision).toBe(revision);
  });

  it('lists the tools of every upstream under its prefix', async () => {
    const names = await client.toolNames();
    expect(names).toEqual(
      expect.arrayContaining([
        'everything__echo',
        'files__read_text_file',
        'memory__create_entities',
        'modern__add',
        'sessions__add',
      ]),
    );
    expect(names.filter((name) => !name.includes('__'))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(['everything', 'modern', 'sessions'])('calls a tool of %s', async (upstream) => {
    const result = await client.callTool(`${upstream}__echo`, { message: 'hällo ✓' });
    expect(result).toMatchObject({ isError: false, text: 'Echo: hällo ✓' });
  });

  it.each(['modern', 'sessions'])('carries structured content of %s', async (upstream) => {
    const result = await client.callTool(`${upstream}__add`, { a: 2, b: 40 });
    expect(result.structuredContent).toEqual({ sum: 42 });
  });

  it('lets the file server work on real files', async () => {
    const path = join(folder, `${revision}.txt`);
    await client.callTool('files__write_file', { path, content: 'through the gateway' });
    expect(await readFile(path, 'utf8')).toBe('through the gateway');
    await writeFile(path, 'changed outside');
    expect((await client.callTool('files__read_text_file', { path })).text).toContain('changed outside');
  });

  it('keeps the state of a stdio server between calls', async () => {
    const entity = { name: `entity-${revision}`, entityType: 'test', observations: ['seen'] };
    await client.callTool('memory__create_entities', { entities: [entity] });
    expect((await client.callTool('memory__read_graph', {})).text).toContain(entity.name);
  });

  it('passes a failure of a tool through as the failure of a tool', async () => {
    expect(await client.callTool('modern__fail', {})).toMatchObject({
      isError: true,
      text: 'this tool always fails',
    });
  });

  it('answers an unknown tool with -32602', async () => {
    expect(await rejectionCode(client.callTool('modern__nonexistent', {}))).toBe(-32602);
    expect(await rejectionCode(client.callTool('echo', { message: 'no prefix' }))).toBe(-32602);
  });

  it('lists and reads resources and templates', async () => {
    expect(await client.resourceUris()).toContain(README_URI);
    const templates = await client.resourceTemplates();
    expect(templates.some((template) => template.startsWith('demo://resource/dynamic/text'))).toBe(true);
    expect(await client.readResource(README_URI)).toBe('Note readme');
    expect(await client.readResource('demo://resource/dynamic/text/1')).toContain('Resource 1');
  });

  it('lists and gets prompts under their prefix', async () => {
    expect(await client.promptNames()).toEqual(
      expect.arrayContaining(['everything__args-prompt', 'modern__greet', 'sessions__greet']),
    );
    expect(await client.getPrompt('modern__greet', { name: 'Ada' })).toBe('Greet Ada politely.');
    expect(await client.getPrompt('everything__args-prompt', { city: 'Basel' })).toContain('Basel');
  });

  it('answers an unknown prompt with -32602', async () => {
    expect(await rejectionCode(client.getPrompt('modern__nonexistent', {}))).toBe(-32602);
  });

  it('completes an argument of a prompt', async () => {
    const argument = { name: 'name', value: 'A' };
    expect(await client.completePrompt('modern__greet', argument)).toEqual(['Ada', 'Alan']);
    expect(await client.completePrompt('sessions__greet', argument)).toEqual(['Ada', 'Alan']);
  });
});
