/** `breakwater stdio`: the gateway as a local server that a client starts. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConnectedClient,
  createCleanup,
  everythingServer,
  filesystemServer,
  GATEWAY_CLI,
  gatewayConfig,
  gatewayEnvironment,
  legacyStdioClient,
  modernStdioClient,
  rejectionCode,
  runInspector,
  sdkV2HttpUpstream,
  tempDir,
  writeGatewayConfig,
} from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

let config: object;
beforeAll(async () => {
  const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
  const modern = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
  config = gatewayConfig({
    everything: everythingServer(),
    files: filesystemServer(folder.path),
    modern: { url: modern.url },
  });
});

/** Words and environment of a gateway with a home and data of its own. */
async function stdioLaunch(): Promise<{ args: string[]; env: Record<string, string> }> {
  const home = cleanup.add(await tempDir(), (thing) => thing.remove());
  const path = await writeGatewayConfig(home.path, config);
  const args = [GATEWAY_CLI, 'stdio', '--config', path, '--data', join(home.path, 'data')];
  return { args, env: gatewayEnvironment(home.path) };
}

describe.each([
  { name: 'SDK v1 client (legacy)', connect: legacyStdioClient },
  { name: 'SDK v2 client (2026-07-28)', connect: modernStdioClient },
])('$name', ({ connect }) => {
  let client: ConnectedClient;
  beforeAll(async () => {
    const { args, env } = await stdioLaunch();
    client = cleanup.add(await connect(process.execPath, args, env), (thing) => thing.close());
  });

  it('lists and calls tools of stdio and HTTP upstreams without a token', async () => {
    expect(await client.toolNames()).toEqual(
      expect.arrayContaining(['everything__echo', 'files__read_text_file', 'modern__echo']),
    );
    expect((await client.callTool('everything__echo', { message: 'hi' })).text).toBe('Echo: hi');
    expect((await client.callTool('modern__add', { a: 1, b: 1 })).structuredContent).toEqual({ sum: 2 });
  });

  it('serves resources, prompts and completion', async () => {
    expect(await client.readResource('notes://readme')).toBe('Note readme');
    expect(await client.getPrompt('modern__greet', { name: 'Ada' })).toBe('Greet Ada politely.');
    expect(await client.completePrompt('modern__greet', { name: 'name', value: 'Al' })).toEqual(['Alan']);
  });

  it('answers an unknown tool with -32602', async () => {
    expect(await rejectionCode(client.callTool('modern__nonexistent', {}))).toBe(-32602);
  });
});

it('can be started by the Inspector from a mcp.json', async () => {
  const { args, env } = await stdioLaunch();
  const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
  // The Inspector has a `--config` of its own, so the gateway's words have to come out of a file.
  const servers = { mcpServers: { breakwater: { command: process.execPath, args, env } } };
  const path = join(folder.path, 'mcp.json');
  await writeFile(path, JSON.stringify(servers));
  const words = ['--method', 'tools/call', '--tool-name', 'everything__echo', '--tool-arg', 'message=local'];
  const run = await runInspector(['--config', path, '--server', 'breakwater', ...words]);
  if (run.code !== 0) throw new Error(`the Inspector failed: ${run.stderr}`);
  expect(run.json()).toMatchObject({ content: [{ text: 'Echo: local' }] });
});
