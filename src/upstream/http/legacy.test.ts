import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import {
  legacy,
  modern,
  sendError,
  sendJson,
  sendResult,
  startFakeHttpServer,
} from '../../../test/support/upstream/fake-http-server.ts';
import type { Answer, FakeHttpServer } from '../../../test/support/upstream/fake-http-server.ts';
import { options, TestSignal } from '../../../test/support/upstream/signals.ts';
import { createHttpUpstream } from '../create-upstream.ts';
import type { Upstream } from '../upstream.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(answer: Answer): Promise<{ server: FakeHttpServer; upstream: Upstream }> {
  const server = await startFakeHttpServer(answer);
  const upstream = createHttpUpstream({
    name: 'old',
    url: server.url,
    policy: { origin: 'operator', allowCidrs: [] },
    clock: systemClock,
    logger: silentLogger,
  });
  cleanups.push(
    () => server.close(),
    () => upstream.close(),
  );
  return { server, upstream };
}

const ok: Answer = (request, response) => sendResult(request, response, { tools: [] });
const CALL = { name: 'forecast', arguments: {} };

describe('era negotiation', () => {
  const probes: readonly (readonly [string, Answer])[] = [
    ['400 without a body', (_q, s) => void s.writeHead(400).end()],
    [
      '400 with an unknown error',
      (_q, s) => sendJson(s, { jsonrpc: '2.0', id: null, error: { code: -32000, message: '' } }, 400),
    ],
    ['404', (_q, s) => void s.writeHead(404).end('Not here')],
    ['405', (_q, s) => void s.writeHead(405).end()],
    ['406', (_q, s) => void s.writeHead(406).end()],
    ['200 with method not found', (q, s) => sendError(q, s, -32601)],
    ['200 with another error', (q, s) => sendError(q, s, -32600)],
    ['200 with an object that is no discovery', (q, s) => sendResult(q, s, {})],
    ['202', (_q, s) => void s.writeHead(202).end()],
    ['HTML', (_q, s) => void s.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    [
      '-32022 that names a legacy revision',
      (q, s) =>
        sendJson(
          s,
          {
            jsonrpc: '2.0',
            id: q.message.id,
            error: { code: -32022, message: '', data: { supported: ['2025-06-18'] } },
          },
          400,
        ),
    ],
  ];
  it.each(probes)('shakes hands after %s', async (_name, probe) => {
    const handshake = legacy(ok);
    const { server, upstream } = await start((request, response) =>
      request.message.method === 'server/discover' ? probe(request, response) : handshake(request, response),
    );
    expect(await upstream.connect(new TestSignal())).toMatchObject({
      ok: true,
      info: { era: 'legacy', revision: '2025-11-25', serverInfo: { name: 'old' } },
    });
    const [initialize] = server.of('initialize');
    expect(initialize?.message.params).toEqual({
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'breakwater', version: '0' },
    });
    expect(server.of('notifications/initialized')).toHaveLength(1);
  });

  const refuseOurs: Answer = (q, s) =>
    sendJson(
      s,
      {
        jsonrpc: '2.0',
        id: q.message.id,
        error: { code: -32022, message: '', data: { supported: ['2026-07-28'] } },
      },
      400,
    );

  it('asks once more when the server names the revision that it has refused', async () => {
    let isFirst = true;
    const { server, upstream } = await start((request, response) => {
      if (!isFirst)
        return sendResult(request, response, { supportedVersions: ['2026-07-28'], capabilities: {} });
      isFirst = false;
      refuseOurs(request, response);
    });
    expect(await upstream.connect(new TestSignal())).toMatchObject({ ok: true, info: { era: 'modern' } });
    expect(server.of('server/discover')).toHaveLength(2);
  });

  it('does not go on asking a server that names the revision and refuses it', async () => {
    const { server, upstream } = await start(refuseOurs);
    expect(await upstream.connect(new TestSignal())).toMatchObject({
      ok: false,
      outcome: { kind: 'failed', refusal: { code: 'upstream_invalid_response' } },
    });
    expect(server.of('server/discover')).toHaveLength(2);
    expect(server.of('initialize')).toHaveLength(0);
  });

  const failures: readonly (readonly [string, Answer, string])[] = [
    ['401', (_q, s) => void s.writeHead(401).end(), 'upstream_auth_failed'],
    ['403', (_q, s) => void s.writeHead(403).end(), 'upstream_auth_failed'],
    ['500', (_q, s) => void s.writeHead(500).end(), 'upstream_error'],
    ['503', (_q, s) => void s.writeHead(503).end(), 'upstream_error'],
    ['429', (_q, s) => void s.writeHead(429).end(), 'upstream_rate_limited'],
    ['302', (_q, s) => void s.writeHead(302, { location: '/' }).end(), 'upstream_redirect'],
    ['-32021', (q, s) => sendError(q, s, -32021, 400), 'upstream_error'],
    [
      '-32022 without a common revision',
      (q, s) =>
        sendJson(
          s,
          {
            jsonrpc: '2.0',
            id: q.message.id,
            error: { code: -32022, message: '', data: { supported: ['2031-01-01'] } },
          },
          400,
        ),
      'upstream_invalid_response',
    ],
    [
      'a discovery without a common revision',
      (q, s) => sendResult(q, s, { supportedVersions: ['2031-01-01'] }),
      'upstream_invalid_response',
    ],
  ];
  it.each(failures)(
    'takes %s for no evidence of the era and asks again the next time',
    async (_name, probe, code) => {
      let isBroken = true;
      const { server, upstream } = await start((request, response) =>
        isBroken ? probe(request, response) : modern(ok)(request, response),
      );
      expect(await upstream.connect(new TestSignal())).toMatchObject({
        ok: false,
        outcome: { refusal: { code } },
      });
      expect(server.of('initialize')).toHaveLength(0);
      isBroken = false;
      expect(await upstream.connect(new TestSignal())).toMatchObject({ ok: true, info: { era: 'modern' } });
    },
  );

  it('speaks the older revision that the server answered', async () => {
    const { server, upstream } = await start(legacy(ok, { revision: '2025-06-18' }));
    await upstream.request('tools/list', {}, options());
    expect(upstream.info?.revision).toBe('2025-06-18');
    expect(server.of('tools/list')[0]?.headers['mcp-protocol-version']).toBe('2025-06-18');
  });

  it('sends no version header to 2025-03-26, which does not have it', async () => {
    const { server, upstream } = await start(legacy(ok, { revision: '2025-03-26' }));
    await upstream.request('tools/list', {}, options());
    expect(server.of('tools/list')[0]?.headers).not.toHaveProperty('mcp-protocol-version');
  });

  it('gives up on a revision that it does not speak', async () => {
    const { upstream } = await start(legacy(ok, { revision: '2023-01-01' }));
    expect(await upstream.connect(new TestSignal())).toMatchObject({
      ok: false,
      outcome: { refusal: { code: 'upstream_invalid_response' } },
    });
  });

  it("never passes an error of the handshake on as the caller's", async () => {
    const { upstream } = await start((q, s) =>
      sendError(q, s, q.message.method === 'initialize' ? -32602 : -32601),
    );
    expect(await upstream.request('tools/call', CALL, options())).toEqual({
      kind: 'failed',
      refusal: { code: 'upstream_error' },
    });
  });

  it('negotiates again after a server has changed its era', async () => {
    let current = legacy(ok);
    const { upstream } = await start((request, response) => current(request, response));
    await upstream.request('tools/list', {}, options());
    expect(upstream.info?.era).toBe('legacy');
    current = (request, response) =>
      request.headers['mcp-method'] === undefined
        ? void response.writeHead(400).end()
        : modern(ok)(request, response);
    expect(await upstream.request('tools/list', {}, options())).toMatchObject({ kind: 'failed' });
    expect(await upstream.request('tools/list', {}, options())).toMatchObject({ kind: 'ok' });
    expect(upstream.info?.era).toBe('modern');
  });
});

describe('a legacy session', () => {
  it('sends legacy headers and params only', async () => {
    const { server, upstream } = await start(legacy(ok, { sessionIds: ['s-1'] }));
    const params = { ...CALL, _meta: { progressToken: 1 } };
    await upstream.request('tools/call', params, { ...options(), headers: { 'Mcp-Param-City': 'x' } });
    const [request] = server.of('tools/call');
    expect(request?.headers).toMatchObject({ 'mcp-session-id': 's-1', 'mcp-protocol-version': '2025-11-25' });
    expect(request?.headers).not.toHaveProperty('mcp-method');
    expect(request?.message.params).toEqual(CALL);
  });

  function expiring(answerOfExpired: Answer): Answer {
    const inner = legacy(ok, { sessionIds: ['s-1', 's-2'] });
    return (request, response) =>
      request.headers['mcp-session-id'] === 's-1' && !request.message.method?.startsWith('notifications/')
        ? answerOfExpired(request, response)
        : inner(request, response);
  }
  const expired: readonly (readonly [string, Answer])[] = [
    ['404', (_q, s) => void s.writeHead(404).end()],
    [
      '404 with an error without id',
      (_q, s) =>
        sendJson(s, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } }, 404),
    ],
    [
      '400 with an error without id',
      (_q, s) =>
        sendJson(s, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'No valid session' } }, 400),
    ],
  ];

  it.each(expired)('that is gone (%s) is renewed once for a read', async (_name, answer) => {
    const { server, upstream } = await start(expiring(answer));
    expect(await upstream.request('tools/list', {}, options())).toMatchObject({ kind: 'ok' });
    expect(server.of('tools/list').map((request) => request.headers['mcp-session-id'])).toEqual([
      's-1',
      's-2',
    ]);
  });

  it.each(expired)('that is gone (%s) never re-sends a tool call', async (_name, answer) => {
    const { server, upstream } = await start(expiring(answer));
    expect(await upstream.request('tools/call', CALL, options())).toMatchObject({
      kind: 'failed',
      refusal: { code: 'upstream_unreachable', message: expect.stringContaining('renewed') as string },
    });
    expect(server.of('tools/call')).toHaveLength(1);
    expect(await upstream.request('tools/call', CALL, options())).toMatchObject({ kind: 'ok' });
    expect(server.of('tools/call')[1]?.headers['mcp-session-id']).toBe('s-2');
  });

  it('lives on when 404 carries the answer to our id', async () => {
    const { server, upstream } = await start(
      legacy((q, s) => sendError(q, s, -32601, 404), { sessionIds: ['s-1', 's-2'] }),
    );
    expect(await upstream.request('tools/list', {}, options())).toMatchObject({ kind: 'protocol_error' });
    expect(server.of('initialize')).toHaveLength(1);
  });

  it('ignores a session id that is not visible ASCII', async () => {
    const { server, upstream } = await start(legacy(ok, { sessionIds: ['s 1'] }));
    await upstream.request('tools/list', {}, options());
    expect(server.of('tools/list')[0]?.headers).not.toHaveProperty('mcp-session-id');
  });

  it('is told of a cancellation, because a closed connection means nothing to it', async () => {
    const { server, upstream } = await start(
      legacy(
        (request, response) => {
          if (request.message.method?.startsWith('notifications/') === true) response.writeHead(202).end();
        },
        { sessionIds: ['s-1'] },
      ),
    );
    await upstream.connect(new TestSignal());
    const signal = new TestSignal();
    const pending = upstream.request('tools/call', CALL, options(signal));
    await expect.poll(() => server.of('tools/call').length).toBe(1);
    signal.abort('caller');
    expect(await pending).toEqual({ kind: 'cancelled' });
    await server.of('tools/call')[0]?.closedEarly;
    await expect.poll(() => server.of('notifications/cancelled').length).toBe(1);
    const [cancelled] = server.of('notifications/cancelled');
    expect(cancelled?.message.params).toMatchObject({ requestId: server.of('tools/call')[0]?.message.id });
    expect(cancelled?.headers['mcp-session-id']).toBe('s-1');
  });

  it('gets its ping answered and every other request declined, a bounded number of times', async () => {
    const { server, upstream } = await start(
      legacy(
        (request, response) => {
          const { id, method } = request.message;
          if (method === undefined) return void response.writeHead(202).end();
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          const send = (message: object): void => void response.write(`data: ${JSON.stringify(message)}\n\n`);
          send({ jsonrpc: '2.0', id: 'p', method: 'ping' });
          for (let i = 0; i < 40; i += 1)
            send({ jsonrpc: '2.0', id: i, method: 'elicitation/create', params: {} });
          send({ jsonrpc: '2.0', id, result: {} });
          response.end();
        },
        { sessionIds: ['s-1'] },
      ),
    );
    expect(await upstream.request('tools/call', CALL, options())).toMatchObject({ kind: 'ok' });
    const answers = (): FakeHttpServer['requests'] =>
      server.requests.filter((r) => r.message.method === undefined);
    await expect.poll(() => answers().length).toBe(16);
    expect(answers().find((r) => r.message.id === 'p')?.message.result).toEqual({});
    expect(answers().find((r) => r.message.id === 0)?.message.error?.code).toBe(-32601);
  });

  it('is ended when the upstream is closed, and a dead server does not hold that up', async () => {
    const { server, upstream } = await start(
      legacy((_request, response) => void response.writeHead(200).end(), { sessionIds: ['s-1'] }),
    );
    await upstream.connect(new TestSignal());
    await upstream.close();
    const last = server.requests.at(-1);
    expect(last?.httpMethod).toBe('DELETE');
    expect(last?.headers['mcp-session-id']).toBe('s-1');
    expect(await upstream.request('tools/list', {}, options())).toMatchObject({
      kind: 'failed',
      refusal: { code: 'upstream_unreachable' },
    });
  });
});
