/** The commands that manage a running gateway, against the built one, as a person or a script runs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createCleanup,
  GATEWAY_CLI,
  gatewayEnvironment,
  modernRequest,
  rawPost,
  tempDir,
} from '../support/index.ts';

interface Ready {
  readonly url: string;
  readonly project_id: string;
  readonly token?: string;
  readonly admin_token?: string;
}

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: () => never;
}

const cleanup = createCleanup();
let home: string;
let dataDir: string;
let ready: Ready;
let stop: () => Promise<void>;

/** `serve` with the bundled example server, and its ready line. */
async function serve(args: readonly string[] = []): Promise<Ready> {
  const child = spawn(
    process.execPath,
    [GATEWAY_CLI, 'serve', '--json', '--data', dataDir, '--port', '0', ...args],
    { env: gatewayEnvironment(home), stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = once(child, 'exit');
  stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return JSON.parse(line) as Ready;
}

async function breakwater(
  words: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [GATEWAY_CLI, ...words], {
    cwd: home,
    env: gatewayEnvironment(home, {
      BREAKWATER_URL: ready.url,
      BREAKWATER_TOKEN: ready.admin_token ?? '',
      ...options.env,
    }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as never };
}

async function callEcho(token: string): Promise<number> {
  const params = { name: 'example__echo', arguments: { text: 'hello' } };
  return (await rawPost(ready.url, modernRequest('tools/call', params, { token }))).status;
}

/** The audit is written behind the answer. */
async function eventually<Value>(
  read: () => Promise<Value>,
  isDone: (value: Value) => boolean,
): Promise<Value> {
  for (let turn = 0; ; turn += 1) {
    const value = await read();
    if (isDone(value) || turn > 40) return value;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

beforeAll(async () => {
  const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
  home = folder.path;
  dataDir = join(home, 'data');
  ready = await serve();
  cleanup.add(stop, () => stop());
});
afterAll(cleanup.run);

it('a fresh data folder shows the token of the operator once', () => {
  expect(ready.admin_token).toMatch(/^bw_adm_[0-9A-Za-z]{38}$/);
  expect(ready.token).toMatch(/^bw_live_/);
});

describe('projects and tokens', () => {
  it('are made, listed, used, revoked and archived', async () => {
    const project = (await breakwater(['project', 'create', 'shop', '--json'])).json() as { id: string };
    expect(project).toMatchObject({ id: expect.any(String), name: 'shop', state: 'active' });
    const listed = await breakwater(['project', 'list', '--json']);
    expect((listed.json() as { name: string }[]).map(({ name }) => name)).toContain('shop');

    const created = (
      await breakwater(['token', 'create', '--project', 'shop', '--name', 'ci', '--expires', '30d', '--json'])
    ).json() as { id: string; token: string; expires_at: string };
    expect(created.token).toMatch(/^bw_live_/);
    expect(Date.parse(created.expires_at)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect(await callEcho(created.token)).toBe(200);

    const revoked = await breakwater(['token', 'revoke', created.id]);
    expect([revoked.code, revoked.stdout]).toEqual([0, `Token ${created.id} is revoked.\n`]);
    expect(await callEcho(created.token)).toBe(401);

    const table = (await breakwater(['token', 'list', '-p', 'shop'])).stdout.split('\n');
    expect(table[0]).toMatch(/^ID +NAME +TOKEN +STATE +SCOPES/);
    expect(table[1]).toMatch(new RegExp(`^${created.id}  ci .* revoked `));

    const last = (await breakwater(['token', 'create', '-p', project.id, '-n', 'last', '--json'])).json() as {
      token: string;
    };
    expect((await breakwater(['project', 'archive', 'shop'])).code).toBe(0);
    expect(await callEcho(last.token)).toBe(401);
    const check = await breakwater(['token', 'check'], { input: `${last.token}\n` });
    expect(check.stdout).toContain('revoked');
  });

  it('of one project are managed with its own admin token, and with nothing else', async () => {
    await breakwater(['project', 'create', 'own']);
    await breakwater(['project', 'create', 'other']);
    const { token } = (
      await breakwater(['token', 'create', '-p', 'own', '-n', 'admin', '--scope', 'admin', '--json'])
    ).json() as { token: string };
    const env = { BREAKWATER_TOKEN: token };
    // Without --project it is the one of the token.
    expect((await breakwater(['token', 'create', '-n', 'x', '--tool', 'a__b,c__d'], { env })).code).toBe(0);
    const other = (await breakwater(['project', 'list', '--json'])).json() as { id: string; name: string }[];
    const id = other.find(({ name }) => name === 'other')?.id ?? '';
    expect((await breakwater(['token', 'list', '-p', id], { env })).code).toBe(3);
    expect((await breakwater(['token', 'list', '-p', 'other'], { env })).code).toBe(3);
    expect((await breakwater(['project', 'create', 'y'], { env })).code).toBe(4);
    const events = (await breakwater(['audit', 'events', '--json'], { env })).json() as { action: string }[];
    expect(events.map(({ action }) => action)).toEqual(['token.create', 'token.create', 'project.create']);
  });
});

describe('the audit log', () => {
  it('is searched and exported', async () => {
    await callEcho(ready.token ?? '');
    await rawPost(
      ready.url,
      modernRequest(
        'tools/call',
        { name: 'no\u001b[31m_such', arguments: {} },
        { token: ready.token ?? '', name: 'x' },
      ),
    );
    await callEcho(ready.token ?? '');
    const search = ['audit', 'search', '-p', ready.project_id];
    const calls = await eventually(
      async () => (await breakwater([...search, '--json'])).json() as { tool: string; status: string }[],
      (found) => found.length >= 2,
    );
    expect(calls).toMatchObject(calls.map(() => ({ project_id: ready.project_id })));
    expect(calls.some(({ tool, status }) => tool === 'example__echo' && status === 'success')).toBe(true);
    const table = (await breakwater([...search, '--tool', 'example__echo', '--from', '1h'])).stdout;
    expect(table).toMatch(/STARTED +STATUS +CODE +TOOL/);
    // oxlint-disable-next-line no-control-regex -- that there is none is the point.
    expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);

    const out = join(home, 'calls.csv');
    const exported = await breakwater([
      'audit',
      'export',
      '-p',
      ready.project_id,
      '--format',
      'csv',
      '-o',
      out,
    ]);
    expect([exported.code, exported.stdout]).toEqual([0, '']);
    expect((await readFile(out, 'utf8')).split('\r\n').length).toBeGreaterThanOrEqual(calls.length + 1);
    expect((await stat(out)).mode & 0o077).toBe(0);
  });

  it('is followed: a call appears while tail runs, once', async () => {
    const child = spawn(process.execPath, [GATEWAY_CLI, 'audit', 'tail', '-p', ready.project_id, '--json'], {
      env: gatewayEnvironment(home, { BREAKWATER_URL: ready.url, BREAKWATER_TOKEN: ready.admin_token ?? '' }),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ids: string[] = [];
    if (child.stdout === null) throw new Error('no stdout');
    createInterface({ input: child.stdout }).on('line', (line) => {
      ids.push((JSON.parse(line) as { call_id: string }).call_id);
    });
    await eventually(
      () => Promise.resolve(ids.length),
      (count) => count > 0,
    );
    const before = ids.length;
    await callEcho(ready.token ?? '');
    await eventually(
      () => Promise.resolve(ids.length),
      (count) => count > before,
    );
    // Two more polls must not show it again.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(ids.length).toBe(before + 1);
    expect(new Set(ids).size).toBe(ids.length);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('exit codes', () => {
  it.each([
    ['2: the command line', ['token', 'create'], {}, 2],
    [
      '2: a value that the gateway refuses',
      ['token', 'create', '-n', 'x', '-p', 'default', '--scope', 'root'],
      {},
      -1,
    ],
    ['2: an address', ['project', 'list'], { BREAKWATER_URL: 'nowhere' }, 2],
    ['3: an unknown token', ['token', 'revoke', '00000000-0000-4000-8000-000000000000'], {}, 3],
    ['3: something that is no id', ['token', 'revoke', '../projects'], {}, 3],
    ['4: no token', ['project', 'list'], { BREAKWATER_TOKEN: '' }, 4],
    ['4: a token that is not good', ['project', 'list'], { BREAKWATER_TOKEN: 'bw_adm_x' }, 4],
    ['5: nobody there', ['project', 'list'], { BREAKWATER_URL: 'http://127.0.0.1:1' }, 5],
  ])('%s', async (_what, words, env, code) => {
    const run = await breakwater(words, { env });
    if (code === -1) expect([2, 3]).toContain(run.code);
    else expect([run.code, run.stderr]).toEqual([code, run.stderr]);
    expect(run.stdout).toBe('');
    expect(run.stderr).not.toBe('');
    expect(run.stderr).not.toMatch(/\n {4}at /);
  });

  it('come with the error object for programs', async () => {
    const run = await breakwater(['token', 'revoke', '00000000-0000-4000-8000-000000000000', '--json']);
    expect(JSON.parse(run.stderr)).toMatchObject({ status: 'error', code: 'not_found' });
  });
});

it('a gateway without any operator token gets one again with --new-admin-token', async () => {
  const tokens = (await breakwater(['token', 'list', '--operator', '--json'])).json() as { id: string }[];
  for (const { id } of tokens) expect((await breakwater(['token', 'revoke', id, '--operator'])).code).toBe(0);
  expect((await breakwater(['project', 'list'])).code).toBe(4);
  await stop();
  const again = await serve();
  expect(again.admin_token).toBeUndefined();
  await stop();
  ready = await serve(['--new-admin-token']);
  expect((await breakwater(['project', 'list'])).code).toBe(0);
});
