import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import {
  modern,
  sendError,
  sendJson,
  sendResult,
  startFakeHttpServer,
} from '../../../test/support/upstream/fake-http-server.ts';
import type {
  Answer,
  FakeHttpServer,
  ReceivedRequest,
} from '../../../test/support/upstream/fake-http-server.ts';
import { options, TestSignal } from '../../../test/support/upstream/signals.ts';
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
function sse(response: ServerResponse, ...messages: unknown[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const message of messages) response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

type Row = readonly [string, Answer, object];

function status(code: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_request, response) => {
    response.writeHead(code, headers).end(body);
  };
}
function body(
  text: string | Buffer,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Answer {
  return (_request, response) => {
    response.writeHead(200, headers).end(text);
  };
}
function message(make: (request: ReceivedRequest) => unknown, code = 200): Answer {
  return (request, response) => sendJson(response, make(request), code);
}
function failedWith(code: string, isOpen = false): object {
  return { kind: 'failed', refusal: isOpen ? { code, commitState: 'unknown' } : { code } };
}

const ROWS: readonly Row[] = [
  ['401', status(401), failedWith('upstream_auth_failed')],
  ['403', status(403), failedWith('upstream_auth_failed')],
  ['301', status(301, { location: 'https://example.org/' }), failedWith('upstream_redirect')],
  ['307', status(307, { location: '/elsewhere' }), failedWith('upstream_redirect')],
  ['300', status(300), failedWith('upstream_redirect')],
  ['304', status(304), failedWith('upstream_invalid_response', true)],
  ['429 without a hint', status(429), failedWith('upstream_rate_limited')],
  [
    '429 with seconds',
    status(429, { 'retry-after': '30' }),
    { kind: 'failed', refusal: { code: 'upstream_rate_limited', retryAfterMs: 30_000 } },
  ],
  [
    '429 with a year',
    status(429, { 'retry-after': '31536000' }),
    { kind: 'failed', refusal: { code: 'upstream_rate_limited', retryAfterMs: 300_000 } },
  ],
  [
    '429 with a past date',
    status(429, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
    { kind: 'failed', refusal: { code: 'upstream_rate_limited', retryAfterMs: 1_000 } },
  ],
  ['408', status(408), failedWith('upstream_error', true)],
  ['500', status(500, { 'content-type': 'text/html' }, '<h1>oops</h1>'), failedWith('upstream_error', true)],
  ['502', status(502), failedWith('upstream_error', true)],
  [
    '503 with garbage JSON',
    status(503, { 'content-type': 'application/json' }, '{'),
    failedWith('upstream_error', true),
  ],
  ['404 without a body', status(404), failedWith('upstream_error')],
  ['413', status(413), failedWith('upstream_error')],
  ['202', status(202), failedWith('upstream_invalid_response', true)],
  ['204', status(204), failedWith('upstream_invalid_response', true)],
  [
    '206',
    status(206, { 'content-type': 'application/json' }, '{}'),
    failedWith('upstream_invalid_response', true),
  ],
  ['999', status(999), failedWith('upstream_invalid_response', true)],
  ['HTML', body('<html>', { 'content-type': 'text/html' }), failedWith('upstream_invalid_response', true)],
  ['no content type', body('{}', {}), failedWith('upstream_invalid_response', true)],
  ['an empty body', body(''), failedWith('upstream_invalid_response', true)],
  ['garbage', body('{"jsonrpc":'), failedWith('upstream_invalid_response', true)],
  [
    'invalid UTF-8',
    body(Buffer.from('{"a":"\xff"}', 'latin1')),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'a batch',
    message((r) => [{ jsonrpc: '2.0', id: r.message.id, result: {} }]),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'the wrong id',
    message(() => ({ jsonrpc: '2.0', id: 4711, result: {} })),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'an id of another type',
    message((r) => ({ jsonrpc: '2.0', id: String(r.message.id), result: {} })),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'an error without id',
    message(() => ({ jsonrpc: '2.0', id: null, error: { code: -1, message: '' } })),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'result and error',
    message((r) => ({ jsonrpc: '2.0', id: r.message.id, result: {}, error: { code: 1, message: '' } })),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'gzip on 401',
    status(401, { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
    failedWith('upstream_auth_failed'),
  ],
  [
    'a 502 page of 3 MB',
    status(502, { 'content-type': 'application/json', 'content-length': '3000000' }, 'x'.repeat(3_000_000)),
    failedWith('upstream_error', true),
  ],
  [
    'gzip',
    body(gzipSync('{}'), { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
    failedWith('upstream_invalid_response', true),
  ],
  ['a body over the cap', body('x'.repeat(65 * 1024)), failedWith('response_too_large', true)],
  ['-32603', (q, s) => sendError(q, s, -32603), failedWith('upstream_error')],
  ['-32603 on 500', (q, s) => sendError(q, s, -32603, 500), failedWith('upstream_error')],
  ['-32602', (q, s) => sendError(q, s, -32602), { kind: 'protocol_error', code: -32602, message: 'no' }],
  [
    '-32602 on 400',
    (q, s) => sendError(q, s, -32602, 400),
    { kind: 'protocol_error', code: -32602, message: 'no' },
  ],
  [
    '-32601 on 404',
    (q, s) => sendError(q, s, -32601, 404),
    { kind: 'protocol_error', code: -32601, message: 'no' },
  ],
  [
    'an error without id on 400',
    message(() => ({ jsonrpc: '2.0', id: null, error: { code: -32602, message: 'no' } }), 400),
    { kind: 'protocol_error', code: -32602, message: 'no' },
  ],
  [
    'an error without id on 502',
    message(() => ({ jsonrpc: '2.0', id: null, error: { code: -32602, message: 'no' } }), 502),
    failedWith('upstream_error', true),
  ],
  [
    'a result on 500',
    message((r) => ({ jsonrpc: '2.0', id: r.message.id, result: {} }), 500),
    failedWith('upstream_error', true),
  ],
  [
    '-32002',
    (q, s) => sendError(q, s, -32002),
    { kind: 'protocol_error', code: -32602, message: 'Resource not found', data: {} },
  ],
  ['-32020 on 400', (q, s) => sendError(q, s, -32020, 400), failedWith('upstream_error')],
  ['-32021 on 400', (q, s) => sendError(q, s, -32021, 400), failedWith('input_required_unsupported')],
  ['-32042', (q, s) => sendError(q, s, -32042), failedWith('input_required_unsupported')],
  [
    'input_required',
    (q, s) => sendResult(q, s, { resultType: 'input_required', requestState: 'x' }),
    failedWith('input_required_unsupported'),
  ],
  [
    'a task',
    (q, s) => sendResult(q, s, { resultType: 'task', taskId: 'x' }),
    failedWith('upstream_invalid_response'),
  ],
  [
    'an unknown result type',
    (q, s) => sendResult(q, s, { resultType: 'poem' }),
    failedWith('upstream_invalid_response'),
  ],
  [
    'a reset before the answer',
    (_q, s) => void s.socket?.resetAndDestroy(),
    failedWith('upstream_unreachable', true),
  ],
  [
    'a body that breaks off',
    (_q, s) => {
      s.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      s.write('{"jsonrpc"', () => s.destroy());
    },
    failedWith('upstream_invalid_response', true),
  ],
  [
    'a stream without a response',
    (_q, s) => (sse(s), s.end()),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'a stream with the wrong id',
    (_q, s) => (sse(s, { jsonrpc: '2.0', id: 4711, result: {} }), s.end()),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'a stream with garbage',
    (_q, s) => (sse(s, 'garbage'), s.end()),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'a stream over the cap',
    (_q, s) => sse(s, { jsonrpc: '2.0', method: 'x', params: { text: 'x'.repeat(70_000) } }),
    failedWith('response_too_large', true),
  ],
  [
    'not HTTP at all',
    (_q, s) => void s.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'a header block of 300 KB',
    status(200, { 'x-large': 'x'.repeat(300_000) }),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'status 000',
    (_q, s) => void s.socket?.end('HTTP/1.1 000 Nothing\r\ncontent-length: 0\r\n\r\n'),
    failedWith('upstream_invalid_response', true),
  ],
  [
    'a negative length',
    (_q, s) => void s.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n'),
    failedWith('upstream_invalid_response', true),
  ],
];

describe('what comes back becomes', () => {
  it.each(ROWS)('%s', async (_name, answer, expected) => {
    const server = await serve(modern(answer));
    const upstream = upstreamAt(server.url);
    await upstream.connect(new TestSignal());
    expect(await upstream.request('tools/call', CALL, options())).toEqual(expected);
  });

  it('never leaves a read in doubt: only tools/call says commitState', async () => {
    const server = await serve(modern(status(500)));
    expect(await upstreamAt(server.url).request('tools/list', {}, options())).toEqual(
      failedWith('upstream_error'),
    );
  });

  it('input_required for a list is an invalid response', async () => {
    const server = await serve(
      modern((q, s) => sendResult(q, s, { resultType: 'input_required', requestState: 'x' })),
    );
    expect(await upstreamAt(server.url).request('tools/list', {}, options())).toEqual(
      failedWith('upstream_invalid_response'),
    );
  });

  it('a refused connection says that nothing was sent', async () => {
    const server = await startFakeHttpServer(modern(status(200)));
    await server.close();
    expect(await upstreamAt(server.url).request('tools/call', CALL, options())).toEqual(
      failedWith('upstream_unreachable'),
    );
  });

  it('the cap is exact, announced or not', async () => {
    const text = (id: unknown, length: number): string => {
      const empty = JSON.stringify({ jsonrpc: '2.0', id, result: { text: '' } });
      return JSON.stringify({ jsonrpc: '2.0', id, result: { text: 'x'.repeat(length - empty.length) } });
    };
    const server = await serve(
      modern((request, response) => {
        const { length, isChunked } = request.message.params as { length: number; isChunked: boolean };
        const json = text(request.message.id, length);
        response.writeHead(200, {
          'content-type': 'application/json',
          ...(isChunked ? {} : { 'content-length': String(length) }),
        });
        response.end(json);
      }),
    );
    const upstream = upstreamAt(server.url);
    const ask = (length: number, isChunked: boolean): Promise<unknown> =>
      upstream.request('tools/list', { length, isChunked }, options(new TestSignal(), 100_000));
    expect(await ask(100_000, true)).toMatchObject({ kind: 'ok' });
    expect(await ask(100_000, false)).toMatchObject({ kind: 'ok' });
    expect(await ask(100_001, true)).toEqual(failedWith('response_too_large'));
    expect(await ask(100_001, false)).toEqual(failedWith('response_too_large'));
  });

  it('an endless body is cut at the cap and its socket closed', async () => {
    const server = await serve(
      modern((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const pour = (): void => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
        };
        response.on('drain', pour);
        pour();
      }),
    );
    expect(await upstreamAt(server.url).request('tools/list', {}, options())).toEqual(
      failedWith('response_too_large'),
    );
    await server.of('tools/list')[0]?.closedEarly;
  });
});
