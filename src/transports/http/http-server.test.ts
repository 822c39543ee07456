import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { REQUEST_BODY_BYTES_MAX, UNKNOWN_CALLER_BODY_BYTES_MAX } from '../../platform/limits.ts';
import { silentLogger } from '../../platform/logger.ts';
import type { InboundMessage, Reply } from '../message-handler.ts';
import { createHostPolicy } from './host-policy.ts';
import { startHttpServer, type HttpServerOptions, type HttpTransport } from './http-server.ts';

const OK: Reply = {
  httpStatus: 200,
  headers: undefined,
  body: [Buffer.from('{"ok":'), Buffer.from('true}')],
};

let transport: HttpTransport | undefined;
let seen: InboundMessage[] = [];

async function start(
  handle: (message: InboundMessage) => Promise<Reply> = () => Promise.resolve(OK),
  options: Partial<HttpServerOptions> = {},
): Promise<HttpTransport> {
  seen = [];
  transport = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    handler: {
      handle(message) {
        seen.push(message);
        return handle(message);
      },
    },
    hostPolicy: createHostPolicy({ listenHost: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
    clock: systemClock,
    logger: silentLogger,
    ...options,
  });
  return transport;
}

afterEach(async () => {
  await transport?.close();
  transport = undefined;
});

/** Sends raw bytes and returns everything that comes back until the server closes or stays silent. */
function raw(port: number, text: string, options: { endAfterMs?: number } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
    setTimeout(() => socket.destroy(), options.endAfterMs ?? 400);
  });
}

function request(lines: readonly string[], body = '{}'): string {
  return `${['POST /mcp HTTP/1.1', 'Host: localhost', ...lines].join('\r\n')}\r\n\r\n${body}`;
}

const JSON_BODY = ['Content-Type: application/json', 'Content-Length: 2'];

function statusOf(answer: string): number {
  return Number(answer.slice(9, 12));
}

describe('the HTTP transport', () => {
  it('hands the body and the mirrored headers to the handler and sends its parts as one body', async () => {
    const { port } = await start();
    const answer = await raw(
      port,
      request([
        ...JSON_BODY,
        'Authorization: Bearer t',
        'MCP-Protocol-Version: 2026-07-28',
        'Mcp-Method: ping',
        'Connection: close',
      ]),
    );
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('content-length: 11');
    expect(answer.endsWith('{"ok":true}')).toBe(true);
    expect(seen[0]?.bytes.toString()).toBe('{}');
    expect(seen[0]?.credential).toEqual({ kind: 'bearer', token: 't' });
    expect(seen[0]?.headers).toMatchObject({ protocolVersion: '2026-07-28', method: 'ping' });
    expect(seen[0]?.endpoint).toBeUndefined();
  });

  it('names the upstream of its own endpoint', async () => {
    const { port } = await start();
    await raw(port, request([...JSON_BODY, 'Connection: close']).replace('/mcp ', '/mcp/files '));
    expect(seen[0]?.endpoint).toBe('files');
  });

  it.each<[string, string, number]>([
    ['GET', 'GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
    ['DELETE', 'DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
    ['PUT', 'PUT /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n', 405],
    ['OPTIONS', 'OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
    ['an unknown path', 'POST /other HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n', 404],
    ['no Host', 'POST /mcp HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}', 400],
    ['two Hosts', request(['Host: evil.example', ...JSON_BODY]), 400],
    ['a foreign Host', request(JSON_BODY).replace('Host: localhost', 'Host: evil.example'), 403],
    ['a foreign Origin', request([...JSON_BODY, 'Origin: https://evil.example']), 403],
    ['the null Origin', request([...JSON_BODY, 'Origin: null']), 403],
    [
      'two Authorization headers',
      request([...JSON_BODY, 'Authorization: Bearer a', 'Authorization: Bearer b']),
      400,
    ],
    ['an absolute target', request(JSON_BODY).replace('POST /mcp', 'POST http://evil.example/mcp'), 400],
    [
      'an HTTP/1.0 chunked body',
      request(['Transfer-Encoding: chunked'], '0\r\n\r\n').replace('HTTP/1.1', 'HTTP/1.0'),
      400,
    ],
    [
      'a doubled transfer encoding',
      request(['Transfer-Encoding: identity, chunked', 'Content-Type: application/json'], '0\r\n\r\n'),
      400,
    ],
    ['no content type', request(['Content-Length: 2']), 415],
    ['a text body', request(['Content-Type: text/plain', 'Content-Length: 2']), 415],
    ['a compressed body', request([...JSON_BODY, 'Content-Encoding: gzip']), 415],
    ['a client that takes only event streams', request([...JSON_BODY, 'Accept: text/event-stream']), 406],
    [
      'a body that says it is too large',
      request(
        ['Content-Type: application/json', `Content-Length: ${String(REQUEST_BODY_BYTES_MAX + 1)}`],
        '',
      ),
      413,
    ],
    ['a header section of 20 KiB', request([...JSON_BODY, `X-Pad: ${'a'.repeat(20_000)}`]), 431],
    ['something that is no HTTP', 'HELLO\r\n\r\n', 400],
    ['101 headers', request([...JSON_BODY, ...Array.from({ length: 100 }, () => 'X:')]), 431],
    ['another HTTP version', request(JSON_BODY).replace('HTTP/1.1', 'HTTP/2.0'), 505],
    ['a proxy request', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n', 405],
  ])('answers %s with its status, without reading a message', async (_name, text, status) => {
    const { port } = await start();
    const answer = await raw(port, text);
    expect(statusOf(answer)).toBe(status);
    expect(seen).toEqual([]);
    expect(answer).not.toContain('evil');
  });

  it('says which method it serves with a 405', async () => {
    const { port } = await start();
    expect(await raw(port, 'GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n')).toContain('allow: POST');
  });

  it('stops a chunked body at the limit while it arrives', async () => {
    const { port } = await start();
    const chunk = `${(REQUEST_BODY_BYTES_MAX / 2 + 1).toString(16)}\r\n${'a'.repeat(REQUEST_BODY_BYTES_MAX / 2 + 1)}\r\n`;
    const answer = await raw(
      port,
      request(
        ['Transfer-Encoding: chunked', 'Content-Type: application/json', 'Authorization: Bearer t'],
        chunk + chunk,
      ),
    );
    expect(statusOf(answer)).toBe(413);
    expect(seen).toEqual([]);
  });

  it('does not ask for the body of a request that it will refuse', async () => {
    const { port } = await start();
    const refused = await raw(
      port,
      request(['Content-Type: text/plain', 'Content-Length: 2', 'Expect: 100-continue'], ''),
    );
    expect(refused).not.toContain('100 Continue');
    expect(statusOf(refused)).toBe(415);
  });

  it('tells the handler when the caller has gone', async () => {
    let left: () => void = () => {};
    const leftOnce = new Promise<void>((resolve) => {
      left = resolve;
    });
    const { port } = await start((message) => {
      message.presence.onLeave(left);
      return new Promise(() => {});
    });
    await raw(port, request(JSON_BODY), { endAfterMs: 50 });
    await leftOnce;
    expect(seen[0]?.presence.gone).toBe(true);
  });

  it('tells new requests to go elsewhere while it drains', async () => {
    const { port } = await start();
    const keptOpen = new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(request(JSON_BODY));
        setTimeout(() => {
          transport?.startDraining();
          socket.write(request(JSON_BODY));
        }, 100);
      });
      let answer = '';
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
      });
      socket.on('close', () => {
        resolve(answer);
      });
      socket.on('error', () => {
        resolve(answer);
      });
      setTimeout(() => socket.destroy(), 500);
    });
    const answer = await keptOpen;
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(seen).toHaveLength(1);
  });

  it('turns away an address that only sends rubbish, but not a caller with a token behind the same address', async () => {
    const { port } = await start();
    const bad = 'GET /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    for (let count = 0; count < 300; count += 50) {
      await Promise.all(Array.from({ length: 50 }, () => raw(port, bad)));
    }
    expect(statusOf(await raw(port, request(JSON_BODY)))).toBe(429);
    expect(
      statusOf(await raw(port, request([...JSON_BODY, 'Authorization: Bearer t', 'Connection: close']))),
    ).toBe(200);
  });

  it('refuses bad tokens too from an address that only sends rubbish, where it can tell', async () => {
    const isKnownCaller: HttpServerOptions['isKnownCaller'] = (credential) =>
      Promise.resolve(credential.kind === 'bearer' && credential.token === 'good');
    const { port } = await start(undefined, { isKnownCaller });
    const bad = 'GET /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const asked = (token: string): Promise<string> =>
      raw(port, request([...JSON_BODY, `Authorization: Bearer ${token}`, 'Connection: close']));
    expect(statusOf(await asked('bad'))).toBe(200);
    for (let count = 0; count < 300; count += 50) {
      await Promise.all(Array.from({ length: 50 }, () => raw(port, bad)));
    }
    expect(statusOf(await asked('bad'))).toBe(429);
    expect(statusOf(await asked('good'))).toBe(200);
    expect(seen).toHaveLength(2);
  });

  it('closes connections beyond its bound and serves those within it', async () => {
    const { port } = await start(undefined, { connectionsMax: 1 });
    const first = connect(port, '127.0.0.1');
    await once(first, 'connect');
    expect(await raw(port, request([...JSON_BODY, 'Connection: close']))).toBe('');
    first.destroy();
    await once(first, 'close');
    await expect
      .poll(async () => statusOf(await raw(port, request([...JSON_BODY, 'Connection: close']))))
      .toBe(200);
  });

  it('lets go of a socket after a refusal, also when the client keeps its own half open', async () => {
    const { port } = await start(undefined, { connectionsMax: 1 });
    for (const text of ['HELLO\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n']) {
      const held = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      held.write(text);
      held.resume();
      await once(held, 'end');
      await expect
        .poll(async () => statusOf(await raw(port, request([...JSON_BODY, 'Connection: close']))))
        .toBe(200);
      held.destroy();
    }
  });
});

describe('a large body', () => {
  const length = `Content-Length: ${String(UNKNOWN_CALLER_BODY_BYTES_MAX + 1)}`;
  const json = 'Content-Type: application/json';

  it.each([
    ['one that says how large it is', [length]],
    ['one that does not', ['Transfer-Encoding: chunked']],
    ['one that asks first', [length, 'Expect: 100-continue']],
  ])('%s is not read from a caller without a token', async (_name, lines) => {
    const { port } = await start();
    const answer = await raw(port, request([json, ...lines], ''));
    expect(statusOf(answer)).toBe(401);
    expect(answer).toContain('www-authenticate: Bearer realm="breakwater"\r\n');
    expect(answer).not.toContain('100 Continue');
  });

  it('is read only from a caller with a good token, where it can tell', async () => {
    const isKnownCaller: HttpServerOptions['isKnownCaller'] = (credential) =>
      Promise.resolve(credential.kind === 'bearer' && credential.token === 'good');
    const { port } = await start(undefined, { isKnownCaller });
    const body = ' '.repeat(UNKNOWN_CALLER_BODY_BYTES_MAX + 1);
    const asked = (token: string): Promise<string> =>
      raw(port, request([json, length, `Authorization: Bearer ${token}`, 'Connection: close'], body));
    expect(statusOf(await asked('bad'))).toBe(401);
    expect(statusOf(await asked('good'))).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it('of a caller that leaves while its token is looked at is not waited for', async () => {
    let look: (isGood: boolean) => void = () => {};
    const { port } = await start(undefined, {
      isKnownCaller: () =>
        new Promise((resolve) => {
          look = resolve;
        }),
    });
    await raw(port, request([json, length, 'Authorization: Bearer t'], ''), { endAfterMs: 50 });
    look(true);
    expect(statusOf(await raw(port, request([...JSON_BODY, 'Connection: close'])))).toBe(200);
    expect(seen).toHaveLength(1);
  });
});
