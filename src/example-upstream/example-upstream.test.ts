import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const ARGS = ['--import', 'tsx', MAIN];
const INFO = { name: 'test', version: '1' };
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function connectLegacy(): Promise<LegacyClient> {
  const client = new LegacyClient(INFO);
  closers.push(() => client.close());
  await client.connect(new LegacyTransport({ command: process.execPath, args: ARGS }));
  return client;
}

async function connectModern(): Promise<ModernClient> {
  const client = new ModernClient(INFO, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  closers.push(() => client.close());
  await client.connect(new ModernTransport({ command: process.execPath, args: ARGS }));
  return client;
}

/** The process itself, one JSON message a line. */
class RawPeer {
  readonly child: ChildProcessWithoutNullStreams = spawn(process.execPath, ARGS);
  readonly #lines: AsyncIterator<string> = createInterface({ input: this.child.stdout })[
    Symbol.asyncIterator
  ]();

  constructor() {
    closers.push(async () => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return;
      const exited = once(this.child, 'exit');
      this.child.kill();
      await exited;
    });
  }

  send(method: string, params: object, id?: number): void {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    this.child.stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta } })}\n`,
    );
  }

  async receive(): Promise<Record<string, unknown>> {
    const { value } = await this.#lines.next();
    return JSON.parse(String(value)) as Record<string, unknown>;
  }
}

const eras = [
  ['a legacy client', connectLegacy as () => Promise<unknown>],
  ['a modern client', connectModern as () => Promise<unknown>],
] as const;

describe.each(eras)('with %s', (_, connect) => {
  // Both official clients have these methods in common.
  const connected = async (): Promise<LegacyClient> => (await connect()) as LegacyClient;

  it('lists six annotated tools with strict schemas', async () => {
    const { tools } = await (await connected()).listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'echo',
      'add_numbers',
      'current_time',
      'count_words',
      'wait',
      'fail',
    ]);
    for (const tool of tools) {
      expect(tool.inputSchema['additionalProperties']).toBe(false);
      expect(tool.annotations).toMatchObject({
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      });
      expect(tool.description?.length).toBeGreaterThan(50);
    }
  });

  it('answers calls with text and with data that fits the output schema', async () => {
    const client = await connected();
    const { tools } = await client.listTools();
    const calls: readonly [string, Record<string, unknown>, unknown][] = [
      ['echo', { text: 'h\u00e9llo\n' }, { text: 'h\u00e9llo\n' }],
      ['add_numbers', { a: 2, b: 0.5 }, { sum: 2.5 }],
      ['count_words', { text: ' one two\nthree ' }, { words: 3, characters: 15, lines: 2 }],
      ['count_words', { text: '' }, { words: 0, characters: 0, lines: 0 }],
      ['wait', { milliseconds: 1 }, { waited_ms: 1 }],
      [
        'current_time',
        { time_zone: 'Europe/Berlin' },
        expect.objectContaining({ time_zone: 'Europe/Berlin' }),
      ],
      ['current_time', {}, expect.objectContaining({ time_zone: 'UTC' })],
    ];
    for (const [name, args, data] of calls) {
      const result = await client.callTool({ name, arguments: args });
      expect(result.structuredContent).toEqual(data);
      expect(result.isError).toBeUndefined();
      const schema = tools.find((tool) => tool.name === name)?.outputSchema ?? {};
      expect(new Ajv2020({ validateFormats: false }).validate(schema, result.structuredContent)).toBe(true);
    }
    const echoed = await client.callTool({ name: 'echo', arguments: { text: 'same' } });
    expect(echoed.content).toEqual([{ type: 'text', text: 'same' }]);
  });

  it('answers failures and wrong arguments as tool errors, unknown tools as protocol errors', async () => {
    const client = await connected();
    const failed = await client.callTool({ name: 'fail', arguments: {} });
    expect(failed).toMatchObject({ isError: true, content: [{ type: 'text' }] });
    const wrong: readonly [string, Record<string, unknown>, RegExp][] = [
      ['echo', {}, /text is required/],
      ['echo', { text: 1 }, /text must be a string/],
      ['echo', { text: 'x', constructor: 1 }, /not known/],
      ['add_numbers', { a: '1', b: 2e15 }, /a must be a number.*b must be a number/],
      ['wait', { milliseconds: 60_001 }, /milliseconds must be an integer from 0 to 60000/],
      ['wait', { milliseconds: 0.5 }, /must be an integer/],
      ['current_time', { time_zone: 'Mars/Olympus' }, /IANA/],
    ];
    for (const [name, args, text] of wrong) {
      const result = await client.callTool({ name, arguments: args });
      expect(result.isError).toBe(true);
      expect(JSON.stringify(result.content)).toMatch(text);
    }
    await expect(client.callTool({ name: 'nope', arguments: {} })).rejects.toMatchObject({ code: -32602 });
  });

  it('serves its guide, a resource from a template, a prompt and completions', async () => {
    const client = await connected();
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['example://guide']);
    expect(
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ).toEqual(['example://greeting/{name}']);
    const guide = await client.readResource({ uri: 'example://guide' });
    expect(guide.contents).toMatchObject([
      { mimeType: 'text/markdown', text: expect.stringContaining('What to try next') as string },
    ]);
    const greeting = await client.readResource({ uri: 'example://greeting/Ada%20L' });
    expect(greeting.contents).toMatchObject([{ text: 'Hello, Ada L!' }]);
    for (const uri of [
      'example://greeting/',
      'example://greeting/a/b',
      'example://greeting/%E0',
      'example://other',
      'file:///etc/passwd',
    ])
      await expect(client.readResource({ uri })).rejects.toThrow(/not found/i);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['summarize_text']);
    const prompt = await client.getPrompt({ name: 'summarize_text', arguments: { text: 'Long text.' } });
    expect(JSON.stringify(prompt.messages)).toContain('Long text.');
    await expect(client.getPrompt({ name: 'summarize_text', arguments: {} })).rejects.toMatchObject({
      code: -32602,
    });
    const names = await client.complete({
      ref: { type: 'ref/resource', uri: 'example://greeting/{name}' },
      argument: { name: 'name', value: 'a' },
    });
    expect(names.completion.values).toEqual(['Ada', 'Alan']);
    const texts = await client.complete({
      ref: { type: 'ref/prompt', name: 'summarize_text' },
      argument: { name: 'text', value: '' },
    });
    expect(texts.completion.values.length).toBeGreaterThan(0);
  });
});

describe('the process', () => {
  it('stops a wait that is cancelled and never answers it', async () => {
    const peer = new RawPeer();
    peer.send('tools/call', { name: 'wait', arguments: { milliseconds: 60_000 } }, 1);
    peer.send('notifications/cancelled', { requestId: 1 });
    peer.send('tools/call', { name: 'echo', arguments: { text: 'after' } }, 1);
    // The id is free again, so the first answer with it is the one of the echo.
    expect(await peer.receive()).toMatchObject({ id: 1, result: { structuredContent: { text: 'after' } } });
  });

  it('refuses a second request with an id that is in flight', async () => {
    const peer = new RawPeer();
    peer.send('tools/call', { name: 'wait', arguments: { milliseconds: 60_000 } }, 7);
    peer.send('tools/call', { name: 'echo', arguments: { text: 'x' } }, 7);
    expect(await peer.receive()).toMatchObject({ id: 7, error: { code: -32600 } });
  });

  it('exits with 0 when stdin ends, also in the middle of a wait', async () => {
    const peer = new RawPeer();
    peer.send('tools/call', { name: 'wait', arguments: { milliseconds: 60_000 } }, 1);
    peer.send('tools/call', { name: 'echo', arguments: { text: 'started' } }, 2);
    await peer.receive();
    const exited = once(peer.child, 'exit');
    peer.child.stdin.end();
    expect(await exited).toEqual([0, null]);
  });

  it('says in its discovery what it speaks, and marks every modern result', async () => {
    const peer = new RawPeer();
    peer.send('server/discover', {}, 1);
    expect(await peer.receive()).toMatchObject({
      id: 1,
      result: {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        ttlMs: expect.any(Number) as number,
        cacheScope: 'private',
      },
    });
    peer.send('resources/subscribe', { uri: 'example://guide' }, 2);
    expect(await peer.receive()).toMatchObject({ id: 2, error: { code: -32601 } });
    peer.send('tools/list', { cursor: 'x' }, 3);
    expect(await peer.receive()).toMatchObject({ id: 3, error: { code: -32602 } });
    peer.child.stdin.write('nonsense\n');
    expect(await peer.receive()).toEqual({
      jsonrpc: '2.0',
      error: expect.objectContaining({ code: -32700 }) as object,
    });
  });

  it('answers a batch of 2025-03-26 by one batch', async () => {
    const peer = new RawPeer();
    peer.child.stdin.write(
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26"}}\n',
    );
    expect(await peer.receive()).toMatchObject({ id: 1, result: { protocolVersion: '2025-03-26' } });
    peer.child.stdin.write(
      '[{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":2,"method":"ping"},{"jsonrpc":"2.0","id":3,"method":"server/discover"}]\n',
    );
    expect(await peer.receive()).toEqual([
      { jsonrpc: '2.0', id: 2, result: {} },
      { jsonrpc: '2.0', id: 3, error: { code: -32601, message: 'Method not found.' } },
    ]);
  });
});
