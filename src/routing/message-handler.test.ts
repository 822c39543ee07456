import { beforeEach, describe, expect, it } from 'vitest';
import { ProjectDirectory, UpstreamCatalog } from '../catalog/index.ts';
import { parseConfig } from '../config/index.ts';
import { createCallEngine } from '../gateway/call-engine.ts';
import type { JsonObject } from '../platform/json.ts';
import { silentLogger } from '../platform/logger.ts';
import type { AuditFacts } from '../pipeline/index.ts';
import type { Principal } from '../tenancy/index.ts';
import { FakeUpstream, TestClock } from '../testing/index.ts';
import { CallerPresence, ConnectionState, type MessageHandler, type Reply } from '../transports/index.ts';

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

const TOOLS = Array.from({ length: 501 }, (_, index) => ({
  name: `tool_${String(index).padStart(3, '0')}`,
  inputSchema: { type: 'object' },
}));

let handler: MessageHandler;
let upstream: FakeUpstream;
let recorded: { method: string; facts: AuditFacts }[];
let release: (() => void) | undefined;

beforeEach(async () => {
  recorded = [];
  release = undefined;
  upstream = new FakeUpstream({
    name: 'up',
    answers: {
      'tools/list': () => ({ tools: TOOLS }),
      'resources/list': () => ({ resources: [{ uri: 'x://1', name: 'one' }] }),
      'resources/templates/list': () => ({ resourceTemplates: [] }),
      'prompts/list': () => ({ prompts: [{ name: 'ask' }] }),
      'tools/call': (params) =>
        params['name'] === 'tool_001'
          ? new Promise((resolve) => {
              release = () => {
                resolve({ content: [] });
              };
            })
          : { content: [{ type: 'text', text: 'done' }] },
      'resources/read': () => ({ contents: [{ uri: 'x://1', text: 'hello' }] }),
      'prompts/get': (params) => ({ messages: [], description: String(params['name']) }),
      'completion/complete': () => ({ completion: { values: ['a'] } }),
    },
  });
  const clock = new TestClock();
  const loaded = parseConfig({
    file: 'breakwater.json',
    text: JSON.stringify({ mcpServers: { up: { type: 'http', url: 'http://127.0.0.1:1/' } } }),
    env: {},
  });
  const settings = loaded.ok ? loaded.config.servers[0] : undefined;
  if (!loaded.ok || settings === undefined) throw new Error('the configuration of the test is wrong');
  const catalog = new UpstreamCatalog({
    upstream,
    settings,
    clock,
    logger: silentLogger,
    compileSchema: () => ({ ok: true, validate: () => [] }),
  });
  await Promise.all([catalog.tools.load(), catalog.resources.load(), catalog.prompts.load()]);
  const directory = new ProjectDirectory([catalog], silentLogger);
  const principal: Principal = {
    projectId: 'p',
    tokenId: 't',
    scopes: new Set(['tools:call', 'tools:read']),
    toolAllowList: undefined,
  };
  handler = createCallEngine({
    config: loaded.config,
    clock,
    logger: silentLogger,
    identity: { name: 'gateway', version: '1.2.3' },
    authenticator: {
      authenticate: (credential) =>
        credential.kind === 'none' ? { ok: false, failure: 'unauthorized' } : { ok: true, principal },
    },
    directory: { view: (_project, endpoint) => directory.view(endpoint) },
    audit: {
      intent: () => undefined,
      finish: (call, _outcome, facts) => recorded.push({ method: call.request.method, facts }),
    },
  }).handler;
});

interface Answer {
  readonly status: number;
  readonly message: JsonObject | undefined;
}

function readReply(reply: Reply): Answer {
  const text = reply.body === undefined ? undefined : Buffer.concat([...reply.body]).toString('utf8');
  return {
    status: reply.httpStatus,
    message: text === undefined ? undefined : (JSON.parse(text) as JsonObject),
  };
}

async function post(
  body: unknown,
  options: { version?: string; token?: boolean; endpoint?: string } = {},
): Promise<Answer> {
  const message = body as { method?: string; params?: { name?: string; uri?: string } };
  const isModern = options.version === '2026-07-28';
  const name = message.params?.name ?? message.params?.uri;
  const reply = await handler.handle({
    bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    transport: 'http',
    endpoint: options.endpoint,
    credential: options.token === false ? { kind: 'none' } : { kind: 'bearer', token: 't' },
    headers: {
      protocolVersion: options.version,
      ...(isModern ? { method: message.method, ...(name === undefined ? {} : { name }) } : {}),
    },
    presence: new CallerPresence(),
  });
  return readReply(reply);
}

function modern(method: string, params: JsonObject = {}): Promise<Answer> {
  return post(
    { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: MODERN_META } },
    { version: '2026-07-28' },
  );
}

function legacy(method: string, params: JsonObject = {}, version = '2025-11-25'): Promise<Answer> {
  return post({ jsonrpc: '2.0', id: 'a', method, params }, { version });
}

describe('the modern era', () => {
  it('discovers the server, and marks what it says as not cacheable by others', async () => {
    const { status, message } = await modern('server/discover');
    expect(status).toBe(200);
    expect(message).toMatchObject({
      id: 7,
      result: {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
        ttlMs: 0,
        cacheScope: 'private',
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'gateway', version: '1.2.3' } },
      },
    });
  });

  it.each([
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'subscriptions/listen',
    'tasks/get',
    'nonsense',
  ])('answers 404 and -32601 for %s, which is not part of it or not declared', async (method) => {
    expect(await modern(method)).toMatchObject({ status: 404, message: { id: 7, error: { code: -32601 } } });
  });

  it('pages a list with opaque cursors that do not outlive a change', async () => {
    const first = await modern('tools/list');
    const page = first.message?.['result'] as { tools: unknown[]; nextCursor: string; resultType: string };
    expect(page.tools).toHaveLength(500);
    expect(page.resultType).toBe('complete');
    const second = await modern('tools/list', { cursor: page.nextCursor });
    expect(second.message).toMatchObject({ result: { tools: [{ name: 'up__tool_500' }] } });
    expect(await modern('tools/list', { cursor: 'bm9uc2Vuc2U' })).toMatchObject({
      message: { error: { code: -32602 } },
    });
    expect(await modern('tools/list', { cursor: '' })).toMatchObject({
      message: { error: { code: -32602 } },
    });
  });

  it('stamps what a result of a legacy upstream lacks, once', async () => {
    const { message } = await modern('resources/read', { uri: 'x://1' });
    expect(message).toMatchObject({
      result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private', contents: [{ text: 'hello' }] },
    });
  });

  it('carries prompts and completion to their upstream under its own names', async () => {
    expect(await modern('prompts/get', { name: 'up__ask' })).toMatchObject({
      message: { result: { description: 'ask' } },
    });
    await modern('completion/complete', {
      ref: { type: 'ref/prompt', name: 'up__ask' },
      argument: { name: 'topic', value: 'a' },
    });
    expect(upstream.requests.at(-1)?.params).toMatchObject({ ref: { type: 'ref/prompt', name: 'ask' } });
  });

  it('passes on what belongs to the call and nothing that belongs to the hop', async () => {
    await post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'up__tool_000',
          arguments: { a: 1 },
          inputResponses: {},
          _meta: { ...MODERN_META, progressToken: 'secret', 'example.com/tag': 'kept' },
        },
      },
      { version: '2026-07-28' },
    );
    const sent = upstream.requests.at(-1);
    expect(sent?.params['name']).toBe('tool_000');
    expect(sent?.params['inputResponses']).toBeUndefined();
    const meta = sent?.params['_meta'] as JsonObject;
    expect(meta['example.com/tag']).toBe('kept');
    expect(meta['progressToken']).toBeUndefined();
    expect(Object.keys(meta).some((key) => key.startsWith('io.modelcontextprotocol/'))).toBe(false);
  });
});

describe('the legacy era', () => {
  it.each([
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2025-03-26'],
    ['2024-11-05', '2025-11-25'],
    ['2099-01-01', '2025-11-25'],
  ])('negotiates %s to %s', async (requested, agreed) => {
    const { message } = await legacy('initialize', {
      protocolVersion: requested,
      capabilities: {},
      clientInfo: {},
    });
    expect(message).toMatchObject({
      id: 'a',
      result: { protocolVersion: agreed, serverInfo: { name: 'gateway' } },
    });
  });

  it('answers ping, and an unknown method with 200 and -32601', async () => {
    expect(await legacy('ping')).toEqual({ status: 200, message: { jsonrpc: '2.0', id: 'a', result: {} } });
    expect(await legacy('server/discover')).toMatchObject({
      status: 200,
      message: { error: { code: -32601 } },
    });
    expect(await legacy('resources/subscribe', { uri: 'x://1' })).toMatchObject({
      message: { error: { code: -32601 } },
    });
  });

  it('adds nothing of the modern era to a result', async () => {
    const { message } = await legacy('tools/call', { name: 'up__tool_000' });
    expect(message).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      result: { content: [{ type: 'text', text: 'done' }] },
    });
  });

  it('accepts a notification with 202 and no body', async () => {
    const answer = await post(
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { version: '2025-06-18' },
    );
    expect(answer).toEqual({ status: 202, message: undefined });
  });

  it('accepts a batch in 2025-03-26 and answers each request of it', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { foo: 'boo' },
      { jsonrpc: '2.0', id: '5', method: 'foo.get', params: { name: 'myself' } },
    ];
    const { status, message } = await post(batch);
    expect(status).toBe(200);
    expect(message).toMatchObject([
      { id: 1, result: {} },
      { id: null, error: { code: -32600 } },
      { id: '5', error: { code: -32601 } },
    ]);
    expect(await post([{ jsonrpc: '2.0', method: 'x' }])).toEqual({ status: 202, message: undefined });
    expect(await post(batch, { version: '2025-06-18' })).toMatchObject({
      status: 400,
      message: { error: { code: -32600 } },
    });
  });
});

describe('every era', () => {
  it('asks who it is before it says what exists', async () => {
    for (const [method, endpoint] of [
      ['tools/list', undefined],
      ['nonsense', undefined],
      ['tools/list', 'nobody'],
    ] as const) {
      const answer = await post(
        { jsonrpc: '2.0', id: 1, method, params: {} },
        { version: '2025-11-25', token: false, ...(endpoint === undefined ? {} : { endpoint }) },
      );
      expect(answer.status).toBe(401);
    }
  });

  it('records invocations, and of everything else only what was refused', async () => {
    await legacy('tools/list');
    await legacy('ping');
    await legacy('tools/call', { name: 'up__tool_000' });
    await legacy('tools/call', { name: 'up__nix' });
    await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { version: '2025-11-25', token: false });
    expect(recorded.map(({ method, facts }) => [method, facts.status, facts.code])).toEqual([
      ['tools/call', 'success', undefined],
      ['tools/call', 'error', 'tool_not_found'],
      ['tools/list', 'auth_failure', 'unauthorized'],
    ]);
  });
});

describe('a stdio connection', () => {
  function line(
    connection: ConnectionState,
    message: object,
    presence = new CallerPresence(),
  ): Promise<Answer> {
    return handler
      .handle({
        bytes: Buffer.from(JSON.stringify(message)),
        transport: 'stdio',
        endpoint: undefined,
        credential: { kind: 'local' },
        headers: {},
        presence,
        connection,
      })
      .then(readReply);
  }

  it('speaks the revision of its handshake, and the modern era without one', async () => {
    const connection = new ConnectionState();
    expect(await line(connection, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).toMatchObject({
      message: { error: { code: -32602 } },
    });
    await line(connection, {
      jsonrpc: '2.0',
      id: 2,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18' },
    });
    expect(connection.legacyRevision).toBe('2025-06-18');
    expect(await line(connection, { jsonrpc: '2.0', id: 3, method: 'tools/list' })).toMatchObject({
      message: { id: 3, result: { tools: expect.any(Array) } },
    });
    const other = new ConnectionState();
    expect(
      await line(other, { jsonrpc: '2.0', id: 4, method: 'server/discover', params: { _meta: MODERN_META } }),
    ).toMatchObject({ message: { result: { resultType: 'complete' } } });
  });

  it('cancels the call that the client names and writes nothing for it', async () => {
    const connection = new ConnectionState();
    const call = line(connection, {
      jsonrpc: '2.0',
      id: 9,
      method: 'tools/call',
      params: { name: 'up__tool_001', _meta: MODERN_META },
    });
    await expect.poll(() => upstream.count('tools/call')).toBe(1);
    const signal = upstream.requests.at(-1)?.options.signal;
    await line(connection, {
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 9, _meta: MODERN_META },
    });
    expect(signal?.aborted).toBe(true);
    release?.();
    expect((await call).message).toBeUndefined();
    expect(recorded.at(-1)?.facts.code).toBe('cancelled');
  });

  it('refuses an id that is still in use', async () => {
    const connection = new ConnectionState();
    const params = { name: 'up__tool_001', _meta: MODERN_META };
    const first = line(connection, { jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    expect(await line(connection, { jsonrpc: '2.0', id: 1, method: 'tools/call', params })).toMatchObject({
      message: { id: 1, error: { code: -32600 } },
    });
    await expect.poll(() => release !== undefined).toBe(true);
    release?.();
    expect((await first).message).toMatchObject({ id: 1, result: {} });
  });
});
