import { describe, expect, it } from 'vitest';
import { suggestKey } from './dialects.ts';
import type { LoadConfigResult } from './load-config.ts';
import { parseConfig } from './load-config.ts';

function parse(file: string, value: unknown): LoadConfigResult {
  return parseConfig({
    file,
    text: JSON.stringify(value),
    env: { TOKEN: 'tok-123456', HOME: '/home/someone' },
  });
}

const served = (result: LoadConfigResult): unknown => (result.ok ? result.config.servers : result.problems);
const URL_HERE = 'https://mcp.example.com/mcp';

describe('files of clients', () => {
  it.each([
    ['.cursor/mcp.json', { mcpServers: { a: { url: URL_HERE } } }],
    ['.vscode/mcp.json', { servers: { a: { type: 'http', url: URL_HERE } }, inputs: [] }],
    ['.gemini/settings.json', { mcpServers: { a: { httpUrl: URL_HERE } }, mcp: { allowed: [] }, theme: 'x' }],
    ['mcp_config.json', { mcpServers: { a: { serverUrl: URL_HERE } } }],
    ['settings.json', { context_servers: { a: { source: 'custom', url: URL_HERE } }, http: 'unrelated' }],
    ['settings.json', { mcp: { servers: { a: { url: URL_HERE } } } }],
    ['opencode.json', { mcp: { a: { type: 'remote', url: URL_HERE } }, model: 'x' }],
    ['config.json', { mcp_servers: { a: { url: URL_HERE } } }],
    ['breakwater.json', { mcpServers: { a: { type: 'streamable-http', url: URL_HERE } } }],
    ['.mcp.json', { mcpServers: { a: { transport: 'http', url: URL_HERE } } }],
  ])('reads a remote server from %s in its own spelling', (file, value) => {
    expect(served(parse(file, value))).toMatchObject([
      { name: 'a', type: 'http', url: URL_HERE, headers: {} },
    ]);
  });

  it.each([
    ['.mcp.json', { mcpServers: { a: { command: 'npx', args: ['-y', 'x'], env: { K: '${TOKEN}' } } } }],
    [
      'opencode.json',
      { mcp: { a: { type: 'local', command: ['npx', '-y', 'x'], environment: { K: '{env:TOKEN}' } } } },
    ],
    [
      'settings.json',
      { context_servers: { a: { command: 'npx', args: ['-y', 'x'], env: { K: '${env:TOKEN}' } } } },
    ],
  ])('reads a local server from %s in its own spelling', (file, value) => {
    expect(served(parse(file, value))).toMatchObject([
      { name: 'a', type: 'stdio', command: 'npx', args: ['-y', 'x'], env: { K: 'tok-123456' } },
    ]);
  });

  it('reads keys that name a variable instead of referring to it', () => {
    const entry = { url: URL_HERE, bearer_token_env_var: 'TOKEN', env_http_headers: { 'X-A': 'NOPE' } };
    const result = parse('config.json', {
      mcp_servers: { a: entry, b: { ...entry, env_http_headers: { 'X-A': 'TOKEN' } } },
    });
    expect(served(result)).toMatchObject([
      { name: 'b', headers: { Authorization: 'Bearer tok-123456', 'X-A': 'tok-123456' } },
    ]);
    expect(result.refusedServers).toMatchObject([
      { server: 'a', path: 'mcp_servers.a.env_http_headers.X-A', unsetVariables: ['NOPE'] },
    ]);
  });

  it('points at the key as the file has it, not as it is called here', () => {
    const result = parse('opencode.json', {
      mcp: { a: { type: 'local', command: ['x', 1] }, b: { serverUrl: 'nope' } },
    });
    expect(!result.ok && result.problems.map(({ path }) => path)).toEqual([
      'mcp.a.command[1]',
      'mcp.b.serverUrl',
    ]);
  });

  it('warns about unknown keys of a client, with a suggestion, and serves the server', () => {
    const result = parse('mcp.json', {
      mcpServers: { a: { url: URL_HERE, heders: {}, timeout: 5, gallery: true } },
      limts: {},
    });
    expect(served(result)).toMatchObject([{ name: 'a' }]);
    expect(result.warnings.map(({ path, message }) => `${path}: ${message}`).sort()).toEqual([
      'limts: unknown key, ignored; did you mean limits?',
      'mcpServers.a.gallery: unknown key, ignored',
      'mcpServers.a.heders: unknown key, ignored; did you mean headers?',
      'mcpServers.a.timeout: ignored, because its unit differs between clients; use limits.timeout_ms',
    ]);
  });

  it('refuses the same unknown keys in a file of ours, except those that clients are known to use', () => {
    const result = parse('gateway.json', {
      mcpServers: { a: { url: URL_HERE, heders: {}, autoApprove: [] } },
      limts: {},
    });
    expect(!result.ok && result.problems.map(({ path }) => path).sort()).toEqual([
      'limts',
      'mcpServers.a.heders',
    ]);
    expect(result.warnings.map(({ path }) => path)).toEqual(['mcpServers.a.autoApprove']);
  });

  it('takes our settings from a file of MCP servers, but not from the settings of an editor', () => {
    const limits = { rate: { calls: 3 } };
    const own = parse('mcp.json', { mcpServers: {}, limits });
    const editor = parse('settings.json', { mcpServers: {}, limits, http: 7 });
    expect(own.ok && own.config.limits.rate.calls).toBe(3);
    expect(editor.ok && editor.config.limits.rate.calls).toBe(60);
  });

  it('refuses the server of an SSE or WebSocket transport and serves the others', () => {
    const result = parse('mcp.json', {
      mcpServers: {
        a: { type: 'sse', url: URL_HERE },
        b: { type: 'ws', url: URL_HERE },
        c: { url: URL_HERE },
      },
    });
    expect(served(result)).toMatchObject([{ name: 'c' }]);
    expect(result.refusedServers.map(({ server, path }) => [server, path])).toEqual([
      ['a', 'mcpServers.a.type'],
      ['b', 'mcpServers.b.type'],
    ]);
    expect(result.refusedServers[0]?.reason).toMatch(/Streamable HTTP/);
  });

  it('honours "disabled" and lists of hidden tools', () => {
    const result = parse('mcp.json', {
      mcpServers: {
        off: { command: 'x', disabled: true },
        on: { command: 'x', disabled: false, excludeTools: ['drop_table'] },
      },
    });
    if (!result.ok) throw new Error('refused');
    expect(result.config.disabledServers).toEqual(['off']);
    expect(result.config.servers[0]?.tools.get('drop_table')?.enabled).toBe(false);
  });

  it('does not expose all tools where a client allowed only some', () => {
    const result = parse('mcp.json', {
      mcpServers: {
        a: { command: 'x', includeTools: ['t'] },
        b: { command: 'x', tools: ['t'] },
        c: { command: 'x', tools: ['*'] },
      },
    });
    expect(served(result)).toMatchObject([{ name: 'c' }]);
    expect(result.refusedServers.map(({ server }) => server)).toEqual(['a', 'b']);
  });

  it('rewrites looser names of a client and refuses two that become the same', () => {
    const result = parse('mcp.json', {
      mcpServers: { 'My Server!': { command: 'x' }, 'io.github/acme': { command: 'x' } },
    });
    expect(served(result)).toMatchObject([{ name: 'My-Server' }, { name: 'io-github-acme' }]);
    const twins = parse('mcp.json', { mcpServers: { 'a b': { command: 'x' }, 'A-b': { command: 'x' } } });
    expect(!twins.ok && twins.problems).toMatchObject([
      { path: 'mcpServers.A-b', found: 'the name of "a b"' },
    ]);
  });

  it("leaves the gateway's own entry of a client file out instead of calling itself", () => {
    const result = parse('mcp.json', {
      mcpServers: { breakwater: { url: 'http://127.0.0.1:1/mcp' }, a: { command: 'x' } },
    });
    expect(served(result)).toMatchObject([{ name: 'a' }]);
    expect(result.refusedServers.map(({ server }) => server)).toEqual(['breakwater']);
    expect(parse('breakwater.json', { mcpServers: { breakwater: { command: 'x' } } }).ok).toBe(false);
  });

  it('refuses a client file without servers', () => {
    const result = parse('mcp.json', { theme: 'dark' });
    expect(!result.ok && result.problems).toMatchObject([{ path: '', expected: 'the key mcpServers' }]);
  });

  it('ignores headers that the gateway sets itself and warns about unencrypted ones', () => {
    const headers = {
      'Content-Type': 'application/json',
      'mcp-session-id': 'x',
      Authorization: 'Bearer ${TOKEN}',
    };
    const result = parse('mcp.json', {
      mcpServers: {
        a: { url: 'http://mcp.example.com/', headers },
        b: { url: 'http://127.0.0.1:9/', headers },
      },
    });
    expect(served(result)).toMatchObject([{ headers: { Authorization: 'Bearer tok-123456' } }, {}]);
    const unencrypted = result.warnings.filter(({ message }) => message.includes('unencrypted'));
    expect(unencrypted.map(({ path }) => path)).toEqual(['mcpServers.a.url']);
    expect(result.warnings).toHaveLength(5);
  });

  it('knows the folders that editors have names for', () => {
    const result = parse('/srv/shop/.vscode/mcp.json', {
      servers: { a: { command: '${workspaceFolder}/x', cwd: '${userHome}' } },
    });
    expect(served(result)).toMatchObject([{ command: '/srv/shop/x', cwd: '/home/someone' }]);
  });
});

describe('suggestKey', () => {
  const known = ['rate', 'timeout_ms', 'response_bytes_max', 'concurrency', 'mcpServers', 'url', 'env'];
  it.each([
    ['timeoutMs', 'timeout_ms'],
    ['timeout', 'timeout_ms'],
    ['mcpservers', 'mcpServers'],
    ['mcp_servers', 'mcpServers'],
    ['concurency', 'concurrency'],
    ['evn', 'env'],
    ['ulr', 'url'],
    ['rates', 'rate'],
    ['drain', undefined],
    ['a', undefined],
    ['x'.repeat(1000), undefined],
  ])('suggests for %j: %j', (unknown, expected) => {
    expect(suggestKey(unknown, known)).toBe(expected);
  });
});
