/**
 * The peers themselves, without a gateway between them. When one of these
 * fails, a failure of the other suites says nothing about the gateway.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answerPreliminaries,
  answerResult,
  type ConnectedClient,
  createCleanup,
  everythingServer,
  filesystemServer,
  legacyClient,
  legacyStdioClient,
  memoryServer,
  modernClient,
  modernRequest,
  NOTE_TEMPLATE,
  rawPost,
  rawUpstream,
  README_URI,
  rejectionCode,
  runInspector,
  sdkV1HttpUpstream,
  sdkV2HttpUpstream,
  type SdkUpstream,
  tempDir,
} from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

interface Pair {
  readonly name: string;
  readonly startUpstream: () => Promise<SdkUpstream>;
  readonly connect: (url: string) => Promise<ConnectedClient>;
  readonly revision: string;
  /** A stateless legacy server cannot match `notifications/cancelled` to the request that it is about. */
  readonly cancels: boolean;
}

const legacy = { connect: legacyClient, revision: '2025-11-25' };
const pairs: readonly Pair[] = [
  {
    name: 'SDK v2 client on an SDK v2 server',
    startUpstream: sdkV2HttpUpstream,
    connect: modernClient,
    revision: '2026-07-28',
    cancels: true,
  },
  { name: 'SDK v1 client on an SDK v2 server', startUpstream: sdkV2HttpUpstream, ...legacy, cancels: false },
  { name: 'SDK v1 client on an SDK v1 server', startUpstream: sdkV1HttpUpstream, ...legacy, cancels: true },
];

describe.each(pairs)('$name', ({ startUpstream, connect, revision, cancels }) => {
  let upstream: SdkUpstream;
  let client: ConnectedClient;
  beforeAll(async () => {
    upstream = cleanup.add(await startUpstream(), (thing) => thing.close());
    client = cleanup.add(await connect(upstream.url), (thing) => thing.close());
  });

  it('negotiates the expected revision', () => {
    expect(client.revision).toBe(revision);
  });

  it('lists and calls tools', async () => {
    expect(await client.toolNames()).toEqual(['echo', 'add', 'slow', 'big', 'fail']);
    expect(await client.callTool('echo', { message: 'hi' })).toMatchObject({
      isError: false,
      text: 'Echo: hi',
    });
    expect((await client.callTool('add', { a: 2, b: 3 })).structuredContent).toEqual({ sum: 5 });
    expect(await client.callTool('fail', {})).toMatchObject({ isError: true });
    expect((await client.callTool('big', { bytes: 100_000 })).text).toHaveLength(100_000);
  });

  it('reads resources, templates and prompts, and completes', async () => {
    expect(await client.resourceUris()).toEqual([README_URI]);
    expect(await client.resourceTemplates()).toEqual([NOTE_TEMPLATE]);
    expect(await client.readResource('notes://a')).toBe('Note a');
    expect(await client.promptNames()).toEqual(['greet']);
    expect(await client.getPrompt('greet', { name: 'Ada' })).toContain('Ada');
    expect(await client.completePrompt('greet', { name: 'name', value: 'A' })).toEqual(['Ada', 'Alan']);
  });

  it.runIf(cancels)('reports an aborted call to the upstream', async () => {
    const controller = new AbortController();
    const call = client.callTool('slow', { ms: 30_000 }, { signal: controller.signal });
    await upstream.behaviour.events.waitFor((event) => event.phase === 'started' && event.tool === 'slow');
    controller.abort();
    await expect(call).rejects.toThrow(/abort/i);
    await upstream.behaviour.events.waitFor((event) => event.phase === 'aborted');
  });
});

it('the SDK v1 server keeps sessions and forgets them on demand', async () => {
  const upstream = cleanup.add(await sdkV1HttpUpstream(), (thing) => thing.close());
  const client = cleanup.add(await legacyClient(upstream.url), (thing) => thing.close());
  expect(upstream.sessions()).toHaveLength(1);
  upstream.forgetSessions();
  await expect(client.callTool('echo', { message: 'x' })).rejects.toThrow('Session not found');
});

describe('reference servers over stdio', () => {
  it('server-everything', async () => {
    const { command, args } = everythingServer();
    const client = cleanup.add(await legacyStdioClient(command, args), (thing) => thing.close());
    expect((await client.callTool('echo', { message: 'hi' })).text).toBe('Echo: hi');
    expect(await client.promptNames()).toContain('args-prompt');
    expect(await rejectionCode(client.getPrompt('nonexistent', {}))).toBe(-32602);
  });

  it('server-filesystem and server-memory', async () => {
    const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
    const files = filesystemServer(folder.path);
    const client = cleanup.add(await legacyStdioClient(files.command, files.args), (thing) => thing.close());
    const path = join(folder.path, 'a.txt');
    await client.callTool('write_file', { path, content: 'abc' });
    expect((await client.callTool('read_text_file', { path })).text).toBe('abc');

    const memory = memoryServer(join(folder.path, 'memory.jsonl'));
    const graph = cleanup.add(await legacyStdioClient(memory.command, memory.args, memory.env), (thing) =>
      thing.close(),
    );
    expect(await graph.toolNames()).toContain('create_entities');
  });
});

describe('raw peers', () => {
  it('the raw upstream serves an official client and records what reached it', async () => {
    const upstream = cleanup.add(
      await rawUpstream((hit, answer) => {
        if (answerPreliminaries(hit, answer)) return;
        answerResult(hit, answer, { resultType: 'complete', content: [{ type: 'text', text: 'done' }] });
      }),
      (thing) => thing.close(),
    );
    const client = cleanup.add(await modernClient(upstream.url), (thing) => thing.close());
    expect((await client.callTool('act', {})).text).toBe('done');
    const hit = await upstream.hits.waitFor((candidate) => candidate.message?.method === 'tools/call');
    expect(hit.headers['mcp-name']).toBe('act');
  });

  it('rawPost shows status, headers and body as they came', async () => {
    const upstream = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
    const request = modernRequest('tools/call', { name: 'echo', arguments: { message: 'raw' } });
    const answer = await rawPost(upstream.url, request);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ id: 1, result: { content: [{ text: 'Echo: raw' }] } });
    expect((await rawPost(upstream.url, { method: 'GET' })).status).toBe(405);
  });

  it('the Inspector command line calls a tool', async () => {
    const upstream = cleanup.add(await sdkV1HttpUpstream(), (thing) => thing.close());
    const words = ['--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'message=inspected'];
    const run = await runInspector([upstream.url, ...words]);
    expect(run.json()).toMatchObject({ content: [{ text: 'Echo: inspected' }] });
  });
});
