/** What the admin surface does with requests that no friendly client sends, and from where it exists at all. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.ts';
import { startGateway, type Gateway } from '../../src/gateway/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { type AdminAnswer, adminRequest } from '../support/admin-request.ts';
import { callOf } from '../contract/storage-rows.contract.ts';

let folder: string;
let gateway: Gateway;
let operator: string;
let origin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-admin-edge-'));
  const loaded = parseConfig({ file: 'breakwater.json', text: '{"mcpServers":{}}', env: {} });
  if (!loaded.ok) throw new Error('the configuration is wrong');
  gateway = await startGateway({
    config: loaded.config,
    dataDir: folder,
    // Every address, so that the same process is reached over loopback and over another one.
    host: '0.0.0.0',
    port: 0,
    clock: systemClock,
    logger: silentLogger,
    env: {},
  });
  operator = gateway.project.adminToken ?? '';
  origin = `http://127.0.0.1:${new URL(gateway.url).port}`;
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(options: Partial<Parameters<typeof adminRequest>[0]> & { path: string }): Promise<AdminAnswer> {
  return adminRequest({ url: origin, token: operator, ...options });
}

const create = (body: object | string | Buffer, headers: Record<string, string> = {}) =>
  ask({ method: 'POST', path: '/admin/v1/projects', body, headers });

describe('a request of the admin surface', () => {
  it.each([
    ['text', 'name=x', 400, 'invalid_json'],
    ['a list', '[]', 400, 'invalid_json'],
    ['nothing', '', 400, 'invalid_json'],
    ['half a document', '{"name":', 400, 'invalid_json'],
    ['a member twice', '{"name":"a","name":"b"}', 400, 'invalid_json'],
    ['__proto__', '{"name":"a","__proto__":{"x":1}}', 400, 'invalid_json'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'invalid_json'],
    ['a hundred levels', `${'{"name":'.repeat(100)}1${'}'.repeat(100)}`, 400, 'invalid_json'],
    ['a member that is not there', '{"name":"a","id":"b","role":"admin"}', 400, 'unknown_field'],
    ['no name', '{}', 422, 'invalid_value'],
    ['an empty name', '{"name":""}', 422, 'invalid_value'],
    ['a name of another type', '{"name":7}', 422, 'invalid_value'],
    ['a name with NUL', '{"name":"a\\u0000b"}', 422, 'invalid_value'],
    ['a name too long', JSON.stringify({ name: 'x'.repeat(201) }), 422, 'invalid_value'],
    ['too much', JSON.stringify({ name: 'x'.repeat(300_000) }), 413, 'body_too_large'],
  ])('with %s is refused by its code', async (_what, body, status, code) => {
    const answer = await create(body);
    expect([answer.status, answer.json()['code']]).toEqual([status, code]);
    expect(answer.json()).toMatchObject({
      status: 'error',
      retryable: false,
      request_id: expect.any(String),
    });
    expect(answer.headers['breakwater-error']).toBe(code);
    expect(answer.text).not.toContain('xxxx');
  });

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'application/json; charset=latin1' }],
    [{ 'content-encoding': 'gzip' }],
  ])('is refused as a form that no browser form can take: %j', async (headers) => {
    const answer = await create({ name: 'a' }, headers);
    expect([answer.status, answer.json()['code']]).toEqual([415, 'unsupported_media_type']);
  });

  it('from a web page of elsewhere is refused at the edge', async () => {
    const answer = await create({ name: 'a' }, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
  });

  it('is cut off while it arrives when it has no length and grows too large', async () => {
    const answer = await chunked('{"name":"' + 'x'.repeat(400_000));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=501', 'limit'],
    ['?limit=1e3', 'limit'],
    ['?after=!!', 'after'],
    ['?state=gone', 'state'],
    ['?limit=1&limit=2', 'limit'],
    ['?unknown=1', 'unknown'],
    ['?__proto__=1', '__proto__'],
  ])('with the query %s is told which parameter is wrong', async (query, path) => {
    const answer = await ask({ path: `/admin/v1/projects${query}` });
    expect([answer.status, answer.json()['code']]).toEqual([400, 'invalid_query']);
    expect(answer.json()['violations']).toMatchObject([{ path }]);
  });

  it('with another method is told which ones there are', async () => {
    const answer = await ask({ method: 'PUT', path: '/admin/v1/projects' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, POST']);
    // A link can only GET: nothing that changes anything is reached that way.
    expect((await ask({ path: `/admin/v1/projects/${randomUUID()}/archive` })).status).toBe(405);
  });

  it.each([
    '/admin/v1',
    '/admin/v1/',
    '/admin/v1/nothing',
    '/admin/v1/projects/',
    '/admin/v1/tokens/not-a-uuid',
    // An encoded slash is no slash.
    '/admin/v1/projects%2Fx',
  ])('for %s is answered 404', async (path) => {
    expect((await ask({ path })).status).toBe(404);
  });

  it('with a name that is taken, a past expiry or too many scopes says so', async () => {
    const name = `n ${randomUUID()}`;
    const project = (await create({ name })).json()['id'] as string;
    expect((await create({ name })).json()).toMatchObject({ code: 'name_taken' });
    const make = (body: object) =>
      ask({ method: 'POST', path: `/admin/v1/projects/${project}/tokens`, body });
    expect((await make({ name: 'a', expires_at: '2001-01-01T00:00:00Z' })).status).toBe(422);
    expect((await make({ name: 'a', scopes: ['root'] })).status).toBe(422);
    expect((await make({ name: 'a', scopes: ['admin', 'admin'] })).status).toBe(422);
    expect((await make({ name: 'a', project_id: randomUUID() })).status).toBe(400);
    await ask({ method: 'POST', path: `/admin/v1/projects/${project}/archive` });
    const late = await make({ name: 'a' });
    expect([late.status, late.json()['code']]).toEqual([409, 'project_archived']);
  });
});

describe('a token', () => {
  it('is shown in the answer that made it and nowhere else', async () => {
    const project = gateway.project.projectId;
    const made = await ask({
      method: 'POST',
      path: `/admin/v1/projects/${project}/tokens`,
      body: { name: 'canary', tool_allow_list: ['a__b'], expires_at: '2999-01-01T00:00:00Z' },
    });
    const { id, token } = made.json() as { id: string; token: string };
    const secret = token.slice('bw_live_'.length, -4);
    for (const path of [
      `/tokens/${id}`,
      `/projects/${project}/tokens`,
      `/projects/${project}/events`,
      '/events',
      '/status',
    ]) {
      const answer = await ask({ path: `/admin/v1${path}` });
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(secret);
    }
  });

  it('that is mistyped, expired or revoked is told apart for administrators alone', async () => {
    const { administration } = gateway.storage;
    const projectId = gateway.project.projectId;
    const by = { kind: 'gateway' } as const;
    const make = (expiresAtMs?: number) =>
      administration.createToken(by, { projectId, name: 't', scopes: ['admin'], expiresAtMs });
    const [good, expired, revoked] = [await make(), await make(Date.now() - 1), await make()];
    await administration.revokeToken(by, revoked.record.id, projectId);
    const mistyped = `${good.token.slice(0, -1)}${good.token.endsWith('0') ? '1' : '0'}`;
    const check = async (token: string) =>
      (await ask({ method: 'POST', path: '/admin/v1/tokens/check', body: { token } })).json()['state'];
    expect(await Promise.all([good.token, expired.token, revoked.token, mistyped, 'x'].map(check))).toEqual([
      'active',
      'expired',
      'revoked',
      'mistyped',
      'not_a_token',
    ]);
    const asCaller = await Promise.all(
      [expired.token, revoked.token, mistyped, 'x'].map((token) => ask({ path: '/admin/v1/whoami', token })),
    );
    const texts = asCaller.map(({ text }) => text.replace(/"request_id":"[^"]+"/, ''));
    expect(new Set(texts).size).toBe(1);
    expect(asCaller[0]?.status).toBe(401);
  });

  it('that is revoked opens nothing from the next request on', async () => {
    const { record, token } = await gateway.storage.administration.createOperatorToken(
      { kind: 'gateway' },
      { name: 'short' },
    );
    expect((await ask({ path: '/admin/v1/whoami', token })).status).toBe(200);
    const revoked = await ask({ method: 'DELETE', path: `/admin/v1/operator-tokens/${record.id}`, token });
    expect(revoked.json()).toMatchObject({ state: 'revoked' });
    expect((await ask({ path: '/admin/v1/whoami', token })).status).toBe(401);
  });
});

describe('the audit log', () => {
  it('is searched page by page, filtered, in both orders, and exported whole', async () => {
    const { id } = (await create({ name: `n ${randomUUID()}` })).json() as { id: string };
    const startedAtMs = Date.now() - 60_000;
    const calls = Array.from({ length: 7 }, (_, index) =>
      callOf(id, {
        startedAtMs: startedAtMs + index,
        subject: index === 3 ? '=cmd()|"x"' : 'tool',
        status: index % 2 === 0 ? 'success' : 'error',
      }),
    );
    await gateway.storage.toolCalls.insertBatch(calls);
    const path = `/admin/v1/projects/${id}/calls`;
    const all = calls.map(({ callId }) => callId);
    for (const order of ['newest', 'oldest']) {
      const seen: unknown[] = [];
      let after = '';
      for (;;) {
        const page = (await ask({ path: `${path}?limit=3&order=${order}${after}` })).json();
        const items = page['items'] as { call_id: string }[];
        if (items.length === 0) break;
        seen.push(...items.map((item) => item.call_id));
        if (typeof page['next'] !== 'string') break;
        after = `&after=${page['next']}`;
      }
      expect(seen).toEqual(order === 'oldest' ? all : all.toReversed());
    }
    const errors = (
      await ask({ path: `${path}?status=error&from=${new Date(startedAtMs + 2).toISOString()}` })
    ).json();
    expect((errors['items'] as object[]).length).toBe(2);

    const lines = (await ask({ path: `${path}/export` })).text.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { call_id: string }).call_id)).toEqual(all.toReversed());
    const csv = (await ask({ path: `${path}/export?format=csv` })).text.trimEnd().split('\r\n');
    expect(csv).toHaveLength(8);
    // What a spreadsheet would run is text.
    expect(csv.find((line) => line.includes('cmd'))).toContain(`"'=cmd()|""x"""`);
  });

  it('shows operators the calls of nobody, and those of all for the last hour', async () => {
    const nobody = callOf(undefined, { startedAtMs: Date.now() - 7_200_000 });
    await gateway.storage.toolCalls.insertBatch([nobody]);
    const ids = async (query: string): Promise<string[]> =>
      (
        (await ask({ path: `/admin/v1/calls?limit=500${query}` })).json()['items'] as { call_id: string }[]
      ).map((item) => item.call_id);
    expect(await ids('&project=none')).toContain(nobody.callId);
    expect(await ids('')).not.toContain(nobody.callId);
    expect(await ids(`&from=${new Date(nobody.startedAtMs).toISOString()}`)).toContain(nobody.callId);
  });
});

describe('the reach of the admin surface', () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
  const fromOutside = () => `http://${outside ?? ''}:${new URL(origin).port}`;

  it.runIf(outside !== undefined)('is everywhere while an operator has a token', async () => {
    const answer = await ask({ url: fromOutside(), path: '/admin/v1/whoami' });
    expect(answer.status).toBe(200);
  });

  it('is loopback alone when no operator has a token, and a token is needed there too', async () => {
    const { administration, database } = gateway.storage;
    const local = await administration.createToken(
      { kind: 'gateway' },
      { projectId: gateway.project.projectId, name: 'local admin', scopes: ['admin'] },
    );
    await database.asSystem((tx) =>
      tx.query('update operator_tokens set revoked_at = now() where revoked_at is null'),
    );
    // The presence of a token is believed for a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const who = (options: object) => ask({ path: '/admin/v1/whoami', token: local.token, ...options });
    expect((await who({})).status).toBe(200);
    expect((await who({ token: undefined })).status).toBe(401);
    const missing = await ask({ path: '/nothing/here' });
    expect(missing.status).toBe(404);
    for (const hidden of [
      { headers: { host: 'rebound.example' } },
      { headers: { host: 'localhost.evil.example' } },
      { headers: { 'x-forwarded-for': '203.0.113.7' } },
      ...(outside === undefined ? [] : [{ url: fromOutside() }]),
    ]) {
      const answer = await who(hidden);
      expect([answer.status, answer.text]).toEqual([404, missing.text]);
    }
  });
});

function chunked(body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(origin).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('close', () => {
      resolve(text);
    });
    socket.on('error', (error) => {
      if (text === '') reject(error);
    });
    socket.write(
      `POST /admin/v1/projects HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${operator}\r\n` +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    socket.write(`${body.length.toString(16)}\r\n${body}\r\n`);
  });
}
