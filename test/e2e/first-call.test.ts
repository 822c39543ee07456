/** What a new user does: starts the gateway without any configuration and pastes what it prints. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createCleanup,
  GATEWAY_CLI,
  gatewayEnvironment,
  legacyClient,
  rawPost,
  tempDir,
} from '../support/index.ts';

const cleanup = createCleanup();
let child: ChildProcess;
let printed = '';

beforeAll(async () => {
  const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
  child = spawn(
    process.execPath,
    [GATEWAY_CLI, 'serve', '--data', join(folder.path, 'data'), '--port', '0'],
    {
      env: gatewayEnvironment(folder.path, {}),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (child.stdout === null) throw new Error('the gateway has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    printed += `${line}\n`;
    if (line.includes('--data-binary')) break;
  }
});

afterAll(async () => {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await cleanup.run();
});

/** The printed lines behind a heading, up to the next blank line. */
function section(heading: string): string {
  const after = printed.slice(printed.indexOf(heading) + heading.length).trimStart();
  return after.split('\n\n')[0]?.trim() ?? '';
}

it('the printed curl command makes a call that works', async () => {
  const command = section('A first call:');
  const answer = await runCurl(command);
  expect(JSON.parse(answer)).toMatchObject({ result: { content: [{ type: 'text', text: 'hello' }] } });
});

it('the printed mcp.json entry connects a client that lists and calls the tools', async () => {
  const entry = JSON.parse(section('For the mcp.json of a client:')) as {
    mcpServers: { breakwater: { url: string; headers: { Authorization: string } } };
  };
  const { url, headers } = entry.mcpServers.breakwater;
  const client = cleanup.add(await legacyClient(url, headers.Authorization.replace('Bearer ', '')), (thing) =>
    thing.close(),
  );
  expect((await client.callTool('example__add_numbers', { a: 2, b: 3 })).isError).toBe(false);
});

it('the printed Claude Code command names the endpoint and the token', () => {
  expect(section('For Claude Code:')).toMatch(
    /^claude mcp add --transport http breakwater http:\/\/127\.0\.0\.1:\d+\/mcp --header 'Authorization: Bearer bw_live_\w+'$/,
  );
});

/** Runs the command as printed; on a machine without curl its words are sent by hand. */
async function runCurl(command: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('sh', ['-c', command]);
    return stdout;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 127) throw error;
  }
  const words = [...command.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2],
  );
  const headers: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    if (word !== '-H') continue;
    const [name = '', ...value] = (words[index + 1] ?? '').split(': ');
    headers[name] = value.join(': ');
  }
  const answer = await rawPost(words[2] ?? '', { headers, body: words.at(-1) ?? '' });
  return answer.body;
}
