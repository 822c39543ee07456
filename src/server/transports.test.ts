import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DefinitionError, defineResource, defineTool } from '../definitions/index.ts';
import { silentLogger } from '../platform/logger.ts';
import { AuditFile } from './audit/file-writer.ts';
import { createServer, type AuditEntry, type ServerOptions } from './index.ts';

const echo = defineTool({
  name: 'echo_text',
  description: 'Repeat a text.',
  input: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  effects: 'read',
  handler: ({ text }) => ({ text }),
});

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

function make(options: Partial<ServerOptions> = {}) {
  const server = createServer({
    name: 'test',
    version: '1.0.0',
    tools: [echo],
    logger: silentLogger,
    ...options,
  });
  undo.push(() => server.close());
  return server;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'breakwater-server-'));
  undo.push(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

const TOKEN = 'a-token-of-thirty-two-characters';

async function callOver(url: string, token?: string): Promise<unknown> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client = new Client(
    { name: 't', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  undo.push(() => client.close());
  return (await client.callTool({ name: 'echo_text', arguments: { text: 'over http' } })).structuredContent;
}

describe('serving HTTP', () => {
  it('answers the official client with a token, and nobody without', async () => {
    const { url, port } = await make({ auth: { tokens: [{ token: TOKEN }] } }).serveHttp({ port: 0 });
    expect(url).toBe(`http://127.0.0.1:${String(port)}/mcp`);
    expect(await callOver(url, TOKEN)).toEqual({ text: 'over http' });
    await expect(callOver(url)).rejects.toThrow();
  });

  it('needs no token on loopback where that is said', async () => {
    const { url } = await make({ auth: 'none' }).serveHttp({ port: 0 });
    expect(await callOver(url)).toEqual({ text: 'over http' });
  });

  it.each<[string, Partial<ServerOptions>, string]>([
    ['does not start without saying who may call', {}, '127.0.0.1'],
    ['does not open every address to everyone', { auth: 'none' }, '0.0.0.0'],
    ['does not start with a list of nobody', { auth: { tokens: [] } }, '127.0.0.1'],
  ])('%s', async (_name, options, host) => {
    await expect(make(options).serveHttp({ port: 0, host })).rejects.toThrow(DefinitionError);
  });
});

describe('serving stdio', () => {
  it('answers line by line to legacy clients, and closes when the client does', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const motd = defineResource({
      uri: 'm://motd',
      name: 'motd',
      description: 'M.',
      cacheMs: 9,
      read: () => 'hi',
    });
    const service = make({ resources: [motd] }).serveStdio({ input, output });
    const message = (value: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...value })}\n`;
    input.write(
      message({
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
      }),
    );
    await new Promise((resolve) => output.once('readable', resolve));
    input.write(
      message({
        id: 2,
        method: 'tools/call',
        params: { name: 'echo_text', arguments: { text: 'over stdio' } },
      }),
    );
    input.write(message({ id: 3, method: 'resources/read', params: { uri: 'm://motd' } }));
    input.end();
    await service.finished;
    const lines = String(output.read())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(new Set(lines.map((line) => line['id']))).toEqual(new Set([1, 2, 3]));
    expect(lines[0]).toMatchObject({
      result: {
        protocolVersion: '2025-11-25',
        serverInfo: { name: 'test' },
        capabilities: { tools: {}, resources: {} },
      },
    });
    const answerTo = (id: number): unknown => lines.find((line) => line['id'] === id);
    // Cache hints are of the modern era.
    expect(answerTo(3)).toEqual({
      jsonrpc: '2.0',
      id: 3,
      result: { contents: [{ uri: 'm://motd', mimeType: 'text/plain', text: 'hi' }] },
    });
    expect(answerTo(2)).toMatchObject({ result: { structuredContent: { text: 'over stdio' } } });
  });
});

describe('the audit file', () => {
  it('has the announcement of a call before its outcome, one JSON object a line, for its owner only', async () => {
    const file = join(folder(), 'audit.jsonl');
    const { url } = await make({ auth: 'none', audit: { file } }).serveHttp({ port: 0 });
    await callOver(url);
    const entries = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntry);
    expect(entries.map(({ event, method, subject, status }) => [event, method, subject, status])).toEqual([
      ['intent', 'tools/call', 'echo_text', undefined],
      ['outcome', 'tools/call', 'echo_text', 'success'],
    ]);
    expect(entries[0]?.request_id).toBe(entries[1]?.request_id);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is renamed at its bound, so that a disk holds two', () => {
    const file = join(folder(), 'audit.jsonl');
    const audit = new AuditFile(file, 300);
    const entry = (n: number): AuditEntry => ({
      event: 'outcome',
      time: 't',
      request_id: String(n),
      method: 'm',
      transport: 'stdio',
      revision: 'r',
      request_bytes: 1,
    });
    for (let n = 0; n < 20; n += 1) audit.write(entry(n));
    audit.close();
    expect(statSync(file).size).toBeLessThanOrEqual(300);
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(300);
    expect(readFileSync(file, 'utf8')).toContain('"request_id":"19"');
    expect(() => {
      audit.write(entry(20));
    }).toThrow();
  });

  it('goes on in a file that is there', () => {
    const file = join(folder(), 'audit.jsonl');
    for (const id of ['a', 'b']) {
      const audit = new AuditFile(file);
      audit.write({
        event: 'outcome',
        time: 't',
        request_id: id,
        method: 'm',
        transport: 'stdio',
        revision: 'r',
        request_bytes: 1,
      });
      audit.close();
    }
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('that cannot be opened stops the server from being made', () => {
    expect(() => make({ audit: { file: join(folder(), 'missing', 'audit.jsonl') } })).toThrow();
  });
});
