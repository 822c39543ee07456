import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from './gateway-config.ts';
import type { LoadConfigResult } from './load-config.ts';
import { loadConfig, parseConfig } from './load-config.ts';

const SECRET = 'hunter2-Sup3rS3cret';
const env = { TOKEN: SECRET, HOME: '/home/someone', EMPTY: '' };

function parse(value: unknown, file = 'breakwater.json'): LoadConfigResult {
  return parseConfig({ file, text: typeof value === 'string' ? value : JSON.stringify(value, null, 2), env });
}

function configOf(value: unknown, file?: string): GatewayConfig {
  const result = parse(value, file);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

function problemsOf(value: unknown, file?: string): string[] {
  const result = parse(value, file);
  if (result.ok) throw new Error('accepted');
  return result.problems.map(({ path, expected, found }) => `${path}: ${expected} / ${found}`);
}

const server = (entry: object): object => ({ mcpServers: { one: entry } });

describe('defaults', () => {
  it('pins every default of the guards', () => {
    expect(configOf({ mcpServers: {} })).toEqual({
      file: 'breakwater.json',
      project: 'default',
      limits: {
        rate: { calls: 60, windowMs: 60_000 },
        timeoutMs: 10_000,
        responseBytesMax: 2_097_152,
        concurrency: { perUpstream: 10, waiting: 10, waitMs: 1_000, perProject: 20 },
        breaker: { failures: 5, windowMs: 300_000, openMs: 900_000, probeSuccesses: 3 },
        drainMs: 30_000,
      },
      http: { path: '/mcp', allowedHosts: [], allowedOrigins: [] },
      egress: { allow: [] },
      audit: { retentionDays: 90, durability: 'journal' },
      servers: [],
      disabledServers: [],
      secrets: new Set(),
    });
  });

  it('fronts the bundled example server when no file is given', async () => {
    const result = await loadConfig({ env: {} });
    expect(result).toMatchObject({ ok: true, warnings: [], refusedServers: [] });
    if (!result.ok) return;
    expect(result.config.servers).toMatchObject([
      { name: 'example', type: 'stdio', command: process.execPath },
    ]);
  });

  it('keeps the bundled example server when a file of ours only tunes limits, but not when it lists no servers', () => {
    const tuned = configOf({ limits: { rate: { calls: 3 } } });
    expect(tuned.servers.map(({ name }) => name)).toEqual(['example']);
    expect(tuned.limits.rate).toEqual({ calls: 3, windowMs: 60_000 });
    expect(configOf({ mcpServers: {} }).servers).toEqual([]);
  });
});

describe('limits', () => {
  it('lets a tool override its server and a server override the project', () => {
    const config = configOf({
      limits: { timeout_ms: 5_000 },
      mcpServers: {
        one: {
          url: 'https://mcp.example.com/mcp',
          limits: { timeout_ms: 20_000, rate: { calls: 10 } },
          tools: {
            slow: { limits: { timeout_ms: 120_000 } },
            off: { enabled: false },
            'odd.name': { name: 'fine' },
          },
        },
        two: { command: 'x' },
      },
    });
    const [one, two] = config.servers;
    const rate = { calls: 10, windowMs: 60_000 };
    expect(one?.limits).toEqual({ timeoutMs: 20_000, responseBytesMax: 2_097_152, rate });
    expect(one?.tools.get('slow')?.limits).toEqual({ timeoutMs: 120_000, responseBytesMax: 2_097_152, rate });
    expect(one?.tools.get('off')?.enabled).toBe(false);
    expect(one?.tools.get('odd.name')).toMatchObject({ name: 'fine', enabled: true });
    expect(two?.limits).toEqual({ timeoutMs: 5_000, responseBytesMax: 2_097_152, rate: undefined });
  });

  const paths: readonly (readonly [string[], number])[] = [
    [['rate', 'calls'], 100_000],
    [['rate', 'window_ms'], 86_400_000],
    [['timeout_ms'], 300_000],
    [['response_bytes_max'], 33_554_432],
    [['concurrency', 'per_upstream'], 1_000],
    [['concurrency', 'waiting'], 1_000],
    [['concurrency', 'wait_ms'], 60_000],
    [['concurrency', 'per_project'], 1_000],
    [['breaker', 'failures'], 1_000],
    [['breaker', 'window_ms'], 86_400_000],
    [['breaker', 'open_ms'], 86_400_000],
    [['breaker', 'probe_successes'], 100],
    [['drain_ms'], 600_000],
  ];

  it.each(paths)(
    'refuses zero, negatives, fractions, text and more than the ceiling for limits.%s',
    (path, max) => {
      const withValue = (value: unknown): object => ({
        limits: path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value),
        mcpServers: {},
      });
      for (const bad of [0, -1, 1.5, max + 1, '10', null, 1e300]) {
        expect(problemsOf(withValue(bad)).map((line) => line.split(':')[0])).toEqual([
          `limits.${path.join('.')}`,
        ]);
      }
      expect(parse(withValue(max)).ok).toBe(true);
      expect(parse(withValue(1)).ok).toBe(true);
    },
  );

  it('refuses a zero limit of a server and of a tool', () => {
    const entry = {
      command: 'x',
      limits: { timeout_ms: 0 },
      tools: { t: { limits: { rate: { calls: 0 } } } },
    };
    expect(problemsOf(server(entry))).toEqual([
      'mcpServers.one.limits.timeout_ms: at least 1 / the number 0',
      'mcpServers.one.tools.t.limits.rate.calls: at least 1 / the number 0',
    ]);
  });
});

describe('mistakes', () => {
  it('reports all of them at once, in the order of the file, with line and column', () => {
    const text = [
      '{',
      '  "limits": { "rate": { "calls": 0 }, "timeout": 5 },',
      '  "htpp": {},',
      '  "egress": { "allow": ["10.0.0.0/8", "10.0.0.1/8"] },',
      '  "mcpServers": {',
      '    "bad name": { "command": "x" },',
      '    "web": { "url": "ftp://x", "headers": { "X-A": "b" } },',
      '    "local": { "command": "x", "args": ["a", 3], "evn": {} },',
      '  },',
      '}',
    ].join('\n');
    const result = parse(text);
    if (result.ok) throw new Error('accepted');
    const seen = result.problems.map(({ path, position, hint }) => [
      path,
      position?.line,
      position?.column,
      hint,
    ]);
    expect(seen).toEqual([
      ['limits.rate.calls', 2, 25, 'a limit cannot be switched off; leave it out for the default'],
      ['limits.timeout', 2, 39, 'did you mean timeout_ms?'],
      ['htpp', 3, 3, 'did you mean http?'],
      ['egress.allow[1]', 4, 39, 'did you mean 10.0.0.0/8?'],
      ['mcpServers["bad name"]', 6, 5, undefined],
      ['mcpServers.web.url', 7, 14, undefined],
      ['mcpServers.local.args[1]', 8, 46, undefined],
      ['mcpServers.local.evn', 8, 50, 'did you mean env?'],
    ]);
  });

  it.each([
    ['[]', ': an object / an array'],
    ['"x"', ': an object / a string'],
    [{ mcpServers: [] }, 'mcpServers: an object of servers by name / an array'],
    [{ mcpServers: { one: 'x' } }, 'mcpServers.one: an object / a string'],
    [server({}), 'mcpServers.one: either url or command / neither'],
    [server({ url: 'https://a.b/', command: 'x' }), 'mcpServers.one: either url or command / both'],
    [server({ type: 'stdio' }), 'mcpServers.one.command: a string / nothing'],
    [
      server({ type: 'carrier-pigeon', url: 'https://a.b/' }),
      'mcpServers.one.type: "http" or "streamable-http" / another string',
    ],
    [server({ command: '' }), 'mcpServers.one.command: a string that is not empty / an empty string'],
    [
      server({ command: 'x', env: { 'A=B': 'c' } }),
      'mcpServers.one.env["A=B"]: a variable name of letters, digits and "_" / another name',
    ],
    [server({ command: 'x', env: { A: 3 } }), 'mcpServers.one.env.A: a string / a number'],
    [server({ command: 'x', enabled: 'no' }), 'mcpServers.one.enabled: true or false / a string'],
    [
      server({ url: 'https://a.b/', headers: { 'X-A': 'a', 'x-a': 'b' } }),
      'mcpServers.one.headers.x-a: each header once (names ignore case) / the same header as X-A',
    ],
    [
      server({ command: 'x', tools: { a: { name: 'c' }, b: { name: 'c' } } }),
      'mcpServers.one.tools.b.name: a name of its own / the name of the tool a',
    ],
    [
      { mcpServers: { a: { command: 'x' }, A: { command: 'x' } } },
      'mcpServers.A: a server name of its own (case does not count) / the name of "a"',
    ],
    [
      { project: 'Bad Project', mcpServers: {} },
      'project: 1 to 63 lower-case letters, digits, "_" or "-", starting with a letter or digit / another string',
    ],
    [
      { http: { path: 'mcp' }, mcpServers: {} },
      'http.path: a path such as /mcp, without a slash at its end / another string',
    ],
    [
      '{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}',
      'mcpServers.a: each key once / a key that this object already has',
    ],
  ])('refuses %j', (value, problem) => {
    expect(problemsOf(value)).toEqual([problem]);
  });

  it('says which kind of server a misplaced key belongs to', () => {
    const result = parse(server({ url: 'https://a.b/', env: {} }));
    expect(!result.ok && result.problems[0]?.hint).toBe('env is for servers with a command');
  });

  it('refuses more servers than it could run', () => {
    const servers = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`s${n}`, { command: 'x' }]));
    expect(problemsOf({ mcpServers: servers })).toEqual(['mcpServers: at most 100 servers / 101 servers']);
  });

  it('never shows a value of the file or of a variable, whatever is wrong with it', () => {
    const literal = 'L1teral-Cr3dential';
    const wrong = {
      project: literal,
      [literal.toLowerCase()]: 1,
      egress: { allow: [literal] },
      http: { allowed_hosts: [`${literal}/x y`] },
      mcpServers: {
        a: { url: literal, headers: { Authorization: 4711_4711 } },
        b: { url: `https://u:${literal}@x.y/`, headers: { A: `${literal}\nB: c` } },
        c: { url: '${TOKEN}', headers: { A: '${TOKEN}\u0000' } },
        d: { command: 'x', args: [`${literal}\u0000`], env: { A: '${TOKEN}${NOPE}', B: `\${${literal} x}` } },
        e: { type: literal, command: ['x', 1] },
      },
    };
    const said = JSON.stringify(parse(wrong)).replaceAll(literal.toLowerCase(), '');
    expect(said).not.toContain(literal);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain('4711');
  });
});

describe('variables', () => {
  it('fills in every string of an entry and marks what came from variables as secret', () => {
    const config = configOf({
      mcpServers: {
        web: { url: 'https://${HOST:-mcp.example.com}/mcp', headers: { Authorization: 'Bearer ${TOKEN}' } },
        local: {
          command: '${HOME}/bin/x',
          args: ['--k=${env:TOKEN}', '$TOKEN', '$${TOKEN}'],
          env: { K: '${TOKEN}' },
        },
      },
    });
    expect(config.servers).toMatchObject([
      { type: 'http', url: 'https://mcp.example.com/mcp', headers: { Authorization: `Bearer ${SECRET}` } },
      { command: '/home/someone/bin/x', args: [`--k=${SECRET}`, '$TOKEN', '${TOKEN}'], env: { K: SECRET } },
    ]);
    expect([...config.secrets]).toEqual([SECRET]);
  });

  it('marks literal credentials as secret by the name of their header, variable or query parameter', () => {
    const config = configOf({
      mcpServers: {
        web: {
          url: 'https://mcp.example.com/mcp?api_key=q%2Dkey-1&page=overview',
          headers: { Authorization: 'Bearer literal-1', 'X-Trace': 'visible' },
        },
        local: { command: 'x', env: { GITHUB_TOKEN: 'literal-2', LOG_LEVEL: 'debug' } },
      },
    });
    expect([...config.secrets].sort()).toEqual(['literal-1', 'literal-2', 'q%2Dkey-1', 'q-key-1']);
  });

  it('refuses the server with an unset variable by name and serves the others', () => {
    const result = parse({
      mcpServers: {
        good: { command: 'x' },
        bad: {
          url: 'https://a.b/',
          headers: { Authorization: 'Bearer ${MISSING_ONE}', 'X-B': '${MISSING_TWO}' },
        },
      },
    });
    if (!result.ok) throw new Error('refused everything');
    expect(result.config.servers.map(({ name }) => name)).toEqual(['good']);
    expect(result.refusedServers).toEqual([
      {
        file: 'breakwater.json',
        server: 'bad',
        path: 'mcpServers.bad.headers.Authorization',
        position: { line: 9, column: 9 },
        reason:
          'headers.Authorization needs the variable MISSING_ONE, which is not set; headers.X-B needs the variable MISSING_TWO, which is not set',
        unsetVariables: ['MISSING_ONE', 'MISSING_TWO'],
      },
    ]);
  });

  it('asks for no variable of a disabled server', () => {
    const config = configOf(server({ command: '${NOPE}', enabled: false }));
    expect(config.disabledServers).toEqual(['one']);
    expect(config.servers).toEqual([]);
  });

  it('checks what a variable turned into', () => {
    const withEnv = (url: string): LoadConfigResult =>
      parseConfig({ file: 'breakwater.json', text: '{"mcpServers":{"a":{"url":"${U}"}}}', env: { U: url } });
    expect(withEnv('https://a.b/').ok).toBe(true);
    for (const url of [
      '',
      'a.b',
      'file:///etc/passwd',
      'https://u:p@a.b/',
      'https://a.b/#f',
      'https:///x',
      ' https://a.b',
      'https://a.b/\n',
    ])
      expect(withEnv(url).ok).toBe(false);
  });

  it('warns about a variable that is set but empty', () => {
    const result = parse(server({ url: 'https://a.b/', headers: { 'X-A': '${EMPTY}' } }));
    expect(result.warnings).toMatchObject([
      { path: 'mcpServers.one.headers.X-A', message: 'the variable EMPTY is set but empty' },
    ]);
  });
});

describe('revision of a server', () => {
  const revision = (
    entry: object,
    variables: Record<string, string> = { T: 'one-token' },
  ): string | undefined => {
    const result = parseConfig({
      file: 'breakwater.json',
      text: JSON.stringify(server(entry)),
      env: variables,
    });
    return result.ok ? result.config.servers[0]?.configRevision : undefined;
  };
  const entry = { url: 'https://a.b/', headers: { A: '${T}', B: 'x' } };

  it('is sixteen hex digits and does not depend on the spelling of the entry', () => {
    expect(revision(entry)).toMatch(/^[0-9a-f]{16}$/);
    expect(
      revision({ headers: { B: 'x', A: '${env:T}' }, httpUrl: 'https://a.b/', type: 'streamable-http' }),
    ).toBe(revision(entry));
  });

  it('changes with everything that decides how the server is called', () => {
    const others = [
      revision({ ...entry, url: 'https://a.b/2' }),
      revision({ ...entry, headers: { A: '${T}', B: 'y' } }),
      revision({ ...entry, limits: { timeout_ms: 20_000 } }),
      revision({ ...entry, tools: { t: { limits: { timeout_ms: 1 } } } }),
      revision(entry, { T: 'another-token' }),
    ];
    expect(new Set([revision(entry), ...others]).size).toBe(6);
  });
});

describe('reading', () => {
  const load = (bytes: Uint8Array): Promise<LoadConfigResult> =>
    loadConfig({ file: 'x/breakwater.json', env: {}, readFile: () => Promise.resolve(bytes) });
  const found = async (bytes: Uint8Array): Promise<string | undefined> => {
    const result = await load(bytes);
    return result.ok ? undefined : result.problems[0]?.found;
  };

  it('refuses files that are too large, UTF-16 or not UTF-8', async () => {
    expect(await found(new Uint8Array(1024 * 1024 + 1).fill(0x20))).toBe('a larger file');
    expect(await found(Buffer.from('\ufeff{}', 'utf16le'))).toMatch(/^UTF-16/);
    expect(await found(Buffer.from([0x7b, 0xff, 0x7d]))).toBe('other bytes');
    expect(await found(Buffer.from('\ufeff{"mcpServers": {}}', 'utf8'))).toBeUndefined();
  });

  it('says that a file is missing without an error text of the system', async () => {
    const result = await loadConfig({ file: '/tmp/no-such-folder/breakwater.json', env: {} });
    expect(result).toMatchObject({
      ok: false,
      problems: [{ expected: 'a readable file', found: 'no such file' }],
    });
  });

  it('resolves a relative cwd against the folder of the file', () => {
    const config = configOf(server({ command: 'x', cwd: 'sub' }), 'some/where/breakwater.json');
    expect(config.servers).toMatchObject([{ cwd: resolve('some/where/sub') }]);
  });
});
