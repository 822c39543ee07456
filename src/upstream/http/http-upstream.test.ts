import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { UPSTREAM_PENDING_MAX } from '../../platform/limits.ts';
import { silentLogger } from '../../platform/logger.ts';
import { modern, sendResult, startFakeHttpServer } from '../../../test/support/upstream/fake-http-server.ts';
import type { Answer, FakeHttpServer } from '../../../test/support/upstream/fake-http-server.ts';
import { options, TestSignal } from '../../../test/support/upstream/signals.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { createHttpUpstream } from '../create-upstream.ts';
import type { HttpUpstreamOptions } from '../create-upstream.ts';
import type { Upstream } from '../upstream.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(answer: Answer): Promise<FakeHttpServer> {
  const server = await startFakeHttpServer(answer);
  cleanups.push(() => server.close());
  return server;
}

function upstreamAt(url: string, extra: Partial<HttpUpstreamOptions> = {}): Upstream {
  const upstream = createHttpUpstream({
    name: 'weather',
    url,
    policy: { origin: 'operator', allowCidrs: [] },
    clock: systemClock,
    logger: silentLogger,
    client: { name: 'breakwater', version: '9.9.9' },
    ...extra,
  });
  cleanups.push(() => upstream.close());
  return upstream;
}

const CALL = { name: 'forecast', arguments: { city: 'Oslo' } };
const RESULT = { content: [{ type: 'text', text: 'rain' }], resultType: 'complete' };

function sse(response: ServerResponse, ...messages: unknown[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const message of messages) response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

function failedWith(code: string, isOpen = false): object {
  return { kind: 'failed', refusal: isOpen ? { code, commitState: 'unknown' } : { code } };
}

describe('a modern upstream', () => {
  it('is discovered once and introduces itself', async () => {
    const server = await serve(modern((request, response) => sendResult(request, response, RESULT)));
    const upstream = upstreamAt(server.url);
    const [first, second] = await Promise.all([
      upstream.connect(new TestSignal()),
      upstream.connect(new TestSignal()),
    ]);
    expect(first).toMatchObject({
      ok: true,
      info: {
        era: 'modern',
        revision: '2026-07-28',
        capabilities: { tools: {} },
        instructions: 'Be kind.',
        serverInfo: { name: 'fake' },
      },
    });
    expect(second).toEqual(first);
    expect(server.requests).toHaveLength(1);
    expect(upstream.info?.era).toBe('modern');
  });

  it('gets the mirrored headers, its own envelope and nothing of the caller', async () => {
    const server = await serve(modern((request, response) => sendResult(request, response, RESULT)));
    const upstream = upstreamAt(server.url, { headers: { Authorization: 'Bearer s3cret' } });
    const outcome = await upstream.request(
      'tools/call',
      {
        ...CALL,
        name: 'prévision',
        _meta: {
          traceparent: '00-x',
          progressToken: 5,
          'io.modelcontextprotocol/clientCapabilities': { sampling: {} },
        },
      },
      { ...options(), headers: { 'Mcp-Param-City': 'Oslo' } },
    );
    expect(outcome.kind).toBe('ok');
    const [request] = server.of('tools/call');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'accept-encoding': 'identity',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': `=?base64?${Buffer.from('prévision').toString('base64')}?=`,
      'mcp-param-city': 'Oslo',
      authorization: 'Bearer s3cret',
      'user-agent': 'breakwater/9.9.9',
    });
    expect(request?.message.params).toEqual({
      name: 'prévision',
      arguments: { city: 'Oslo' },
      _meta: {
        traceparent: '00-x',
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'breakwater', version: '9.9.9' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    });
  });

  it('passes the bytes of a JSON result on as they came', async () => {
    const server = await serve(modern((request, response) => sendResult(request, response, RESULT)));
    const outcome = await upstreamAt(server.url).request('tools/call', CALL, options());
    expect(outcome).toMatchObject({
      kind: 'ok',
      result: { kind: 'bytes', hasResultType: true, hasMeta: false },
    });
    expect(outcome.kind === 'ok' && outcome.result.kind === 'bytes' && outcome.result.bytes.toString()).toBe(
      JSON.stringify(RESULT),
    );
  });

  it('takes the first response of a stream and ignores notifications, requests and what follows', async () => {
    const server = await serve(
      modern((request, response) => {
        const { id } = request.message;
        sse(
          response,
          { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } },
          { jsonrpc: '2.0', id: 77, method: 'sampling/createMessage', params: {} },
          { jsonrpc: '2.0', id, result: { content: [] } },
          { jsonrpc: '2.0', id, result: { content: ['second'] } },
        );
        response.end();
      }),
    );
    const outcome = await upstreamAt(server.url).request('tools/call', CALL, options());
    expect(outcome.kind === 'ok' && outcome.result.kind === 'bytes' && outcome.result.bytes.toString()).toBe(
      '{"content":[]}',
    );
    // A modern client must not post responses.
    expect(server.requests.filter((request) => request.message.method === undefined)).toHaveLength(0);
  });

  it('settles at the response of a stream that stays open, and closes it soon', async () => {
    const server = await serve(
      modern((request, response) => sse(response, { jsonrpc: '2.0', id: request.message.id, result: {} })),
    );
    const clock = new TestClock();
    const outcome = await upstreamAt(server.url, { clock }).request('tools/list', {}, options());
    expect(outcome.kind).toBe('ok');
    expect(clock.pendingTimers).toBe(1);
    clock.advance(1_000);
    await server.of('tools/list')[0]?.closedEarly;
  });

  it('reports isError of a tool as the outcome of the tool', async () => {
    const server = await serve(
      modern((request, response) => sendResult(request, response, { content: [], isError: true })),
    );
    expect((await upstreamAt(server.url).request('tools/call', CALL, options())).kind).toBe('tool_error');
  });

  it('answers destination_blocked for a URL that the policy refuses, without a request', async () => {
    const upstream = upstreamAt('http://169.254.169.254/mcp');
    expect(await upstream.request('tools/call', CALL, options())).toEqual({
      kind: 'refused',
      refusal: { code: 'destination_blocked', details: { reason: 'address_not_public' } },
    });
    expect(await upstream.connect(new TestSignal())).toMatchObject({ ok: false });
  });

  it('refuses to exist with a header that would override the authority', () => {
    expect(() => upstreamAt('http://127.0.0.1:1/', { headers: { Host: 'x' } })).toThrow(/"Host"/);
  });
});

describe('the call signal', () => {
  it('closes the socket of a modern request and says what ended it', async () => {
    const server = await serve(modern(() => {}));
    const upstream = upstreamAt(server.url);
    await upstream.connect(new TestSignal());
    for (const [cause, expected] of [
      ['deadline', failedWith('timeout', true)],
      ['caller', { kind: 'cancelled' }],
      ['drain', failedWith('shutting_down', true)],
    ] as const) {
      const signal = new TestSignal();
      const count = server.of('tools/call').length;
      const pending = upstream.request('tools/call', CALL, options(signal));
      await expect.poll(() => server.of('tools/call').length).toBe(count + 1);
      signal.abort(cause);
      expect(await pending).toEqual(expected);
      await server.of('tools/call').at(-1)?.closedEarly;
    }
    // Closing is the cancellation: nothing else is sent.
    expect(server.of('notifications/cancelled')).toHaveLength(0);
  });

  it('stops a trickling body that no idle timer would stop', async () => {
    const server = await serve(
      modern((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(timer));
      }),
    );
    const upstream = upstreamAt(server.url);
    await upstream.connect(new TestSignal());
    const signal = new TestSignal();
    const pending = upstream.request('tools/list', {}, options(signal));
    await expect.poll(() => server.of('tools/list').length).toBe(1);
    signal.abort('deadline');
    expect(await pending).toEqual(failedWith('timeout'));
    await server.of('tools/list')[0]?.closedEarly;
  });

  it('sends nothing when it was aborted before', async () => {
    const server = await serve(modern(() => {}));
    const upstream = upstreamAt(server.url);
    const signal = new TestSignal();
    signal.abort('deadline');
    expect(await upstream.request('tools/call', CALL, options(signal))).toEqual(failedWith('timeout'));
    expect(server.requests).toHaveLength(0);
  });

  it('keeps no listener after the answer', async () => {
    const server = await serve(modern((request, response) => sendResult(request, response, RESULT)));
    const signal = new TestSignal();
    const upstream = upstreamAt(server.url);
    await upstream.request('tools/call', CALL, options(signal));
    expect(signal.hasListener).toBe(false);
    await upstream.request('tools/call', CALL, options(signal));
    expect(signal.hasListener).toBe(false);
  });

  it('takes one waiting caller away from a connect that others wait for', async () => {
    let answerDiscover: (() => void) | undefined;
    const server = await serve((request, response) => {
      answerDiscover = () => modern(() => {})(request, response);
    });
    const upstream = upstreamAt(server.url);
    const leaving = new TestSignal();
    const first = upstream.request('tools/call', CALL, options(leaving));
    const second = upstream.connect(new TestSignal());
    await expect.poll(() => server.requests.length).toBe(1);
    leaving.abort('caller');
    expect(await first).toEqual({ kind: 'cancelled' });
    answerDiscover?.();
    expect(await second).toMatchObject({ ok: true });
  });
});

describe('close', () => {
  it('settles what is in flight and closes its sockets', async () => {
    const server = await serve(modern(() => {}));
    const upstream = upstreamAt(server.url);
    await upstream.connect(new TestSignal());
    const pending = upstream.request('tools/call', CALL, options());
    await expect.poll(() => server.of('tools/call').length).toBe(1);
    await upstream.close();
    expect(await pending).toEqual(failedWith('upstream_unreachable', true));
    await server.of('tools/call')[0]?.closedEarly;
    expect(await upstream.connect(new TestSignal())).toMatchObject({ ok: false });
  });
});

describe('requests that are not over', () => {
  it('are bounded, those that wait for a socket included', async () => {
    const server = await serve(modern(() => {}));
    const upstream = upstreamAt(server.url);
    await upstream.connect(new TestSignal());
    const signals = Array.from({ length: UPSTREAM_PENDING_MAX }, () => new TestSignal());
    const pending = signals.map((signal) => upstream.request('tools/list', {}, options(signal)));
    expect(await upstream.request('tools/list', {}, options())).toEqual({
      kind: 'refused',
      refusal: { code: 'concurrency_limited' },
    });
    for (const signal of signals) signal.abort('caller');
    expect(await Promise.all(pending)).toEqual(signals.map(() => ({ kind: 'cancelled' })));
  });
});
