/** What an agent reads when something says no, and what the HTTP edge answers, seen without a client library. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answerPreliminaries,
  answerResult,
  createCleanup,
  gatewayConfig,
  type GatewayProcess,
  modernRequest,
  rawPost,
  type RawPostResult,
  rawUpstream,
  type RawUpstream,
  sdkV2HttpUpstream,
  startGateway,
} from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

interface ToolAnswer {
  readonly result?: {
    readonly isError?: boolean;
    readonly content?: readonly { readonly text?: string }[];
    readonly _meta?: Record<string, unknown>;
  };
  readonly error?: { readonly code: number; readonly data?: Record<string, unknown> };
}

/** The error object that a refused tool call carries, after checking that both places agree. */
function refusalOf(answer: RawPostResult): Record<string, unknown> {
  expect(answer.status).toBe(200);
  const { result } = answer.json() as ToolAnswer;
  expect(answer.json()).toMatchObject({ result: { isError: true } });
  const fromText = JSON.parse(result?.content?.[0]?.text ?? '') as Record<string, unknown>;
  expect(result?._meta?.['dev.breakwater/error']).toEqual(fromText);
  expect(fromText).toMatchObject({ status: 'error', request_id: expect.any(String) as string });
  return fromText;
}

function call(gateway: GatewayProcess, name: string, args: object): Promise<RawPostResult> {
  return rawPost(
    gateway.url,
    modernRequest('tools/call', { name, arguments: args }, { token: gateway.token }),
  );
}

describe('with the default limits', () => {
  let gateway: GatewayProcess;
  let broken: RawUpstream;
  beforeAll(async () => {
    const modern = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
    broken = cleanup.add(
      await rawUpstream((hit, answer) => {
        if (answerPreliminaries(hit, answer)) return;
        answer.writeHead(500).end('secret stack trace');
      }),
      (thing) => thing.close(),
    );
    const servers = {
      modern: { url: modern.url },
      broken: { url: broken.url },
      absent: { url: 'http://127.0.0.1:9/mcp' },
    };
    gateway = cleanup.add(await startGateway({ config: gatewayConfig(servers) }), (thing) => thing.stop());
  });

  it('lists the other upstreams when one cannot be reached', async () => {
    const answer = await rawPost(gateway.url, modernRequest('tools/list', {}, { token: gateway.token }));
    const { result } = answer.json() as {
      result: { tools: { name: string }[]; _meta: Record<string, unknown> };
    };
    expect(result.tools.map((tool) => tool.name)).toEqual(
      expect.arrayContaining(['modern__echo', 'broken__act']),
    );
    expect(JSON.stringify(result._meta)).toContain('absent');
  });

  it('names the wrong arguments and dispatches nothing', async () => {
    const refusal = refusalOf(await call(gateway, 'modern__echo', { message: 1, extra: true }));
    expect(refusal).toMatchObject({ code: 'invalid_arguments', retryable: false });
  });

  it('reports an upstream that fails without repeating its text', async () => {
    const answer = await call(gateway, 'broken__act', {});
    expect(refusalOf(answer)).toMatchObject({ code: 'upstream_error' });
    expect(answer.body).not.toContain('secret');
  });

  it('asks the failing upstream exactly once per call', async () => {
    const calls = (): number =>
      broken.hits.entries.filter((hit) => hit.message?.method === 'tools/call').length;
    const before = calls();
    await call(gateway, 'broken__act', {});
    expect(calls()).toBe(before + 1);
  });

  it('refuses a result over the cap instead of cutting it', async () => {
    const answer = await call(gateway, 'modern__big', { bytes: 3 * 1024 * 1024 });
    expect(refusalOf(answer)).toMatchObject({ code: 'response_too_large' });
  });

  it.each([
    ['no token', {}],
    ['a token that was never issued', { authorization: 'Bearer bw_live_notatoken' }],
  ])('answers 401 to %s', async (_name, headers) => {
    const { body, headers: standard } = modernRequest('tools/list', {});
    const answer = await rawPost(gateway.url, { body, headers: { ...standard, ...headers } });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('answers 405 to GET, 404 elsewhere, 403 to a foreign origin and 415 to another content type', async () => {
    const request = modernRequest('tools/list', {}, { token: gateway.token });
    const send = (over: Record<string, string>): Promise<RawPostResult> =>
      rawPost(gateway.url, { ...request, headers: { ...request.headers, ...over } });
    expect((await rawPost(gateway.url, { method: 'GET' })).status).toBe(405);
    expect((await rawPost(new URL('/elsewhere', gateway.url).href, request)).status).toBe(404);
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('admits 60 calls a minute and tells the 61st exactly how long to wait', async () => {
    let answer = await call(gateway, 'modern__echo', { message: 'x' });
    for (let count = 1; count <= 60 && !answer.body.includes('rate_limited'); count += 1) {
      answer = await call(gateway, 'modern__echo', { message: 'x' });
    }
    const refusal = refusalOf(answer);
    expect(refusal).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(refusal['retry_after_ms']).toBeGreaterThanOrEqual(1);
    expect(refusal['retry_after_ms']).toBeLessThanOrEqual(60_000);
    expect(answer.headers['breakwater-error']).toBe('rate_limited');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });
});

describe('with a short deadline', () => {
  it('ends a call that an upstream only trickles to, and says that its outcome is unknown', async () => {
    const trickle = cleanup.add(
      await rawUpstream((hit, answer) => {
        if (answerPreliminaries(hit, answer)) return;
        answer.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => answer.write(' '), 50);
        answer.on('close', () => clearInterval(timer));
      }),
      (thing) => thing.close(),
    );
    const config = gatewayConfig({ trickle: { url: trickle.url } }, { limits: { timeout_ms: 600 } });
    const gateway = cleanup.add(await startGateway({ config }), (thing) => thing.stop());
    const startedAt = performance.now();
    const refusal = refusalOf(await call(gateway, 'trickle__act', {}));
    expect(refusal).toMatchObject({ code: 'timeout', retryable: false, commit_state: 'unknown' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('with an upstream that lies', () => {
  it.each([
    ['another id', (id: unknown) => `{"jsonrpc":"2.0","id":${Number(id) + 1},"result":{}}`],
    ['broken JSON', () => '{"jsonrpc":"2.0","id":'],
    ['HTML', () => '<html>login</html>'],
  ])('reports %s as an invalid response', async (_name, body) => {
    const liar = cleanup.add(
      await rawUpstream((hit, answer) => {
        if (answerPreliminaries(hit, answer)) return;
        answer.writeHead(200, { 'content-type': 'application/json' }).end(body(hit.message?.id));
      }),
      (thing) => thing.close(),
    );
    const gateway = cleanup.add(
      await startGateway({ config: gatewayConfig({ liar: { url: liar.url } }) }),
      (thing) => thing.stop(),
    );
    expect(refusalOf(await call(gateway, 'liar__act', {}))).toMatchObject({
      code: 'upstream_invalid_response',
    });
  });

  it('never sends the token of the caller upstream', async () => {
    const spy = cleanup.add(
      await rawUpstream((hit, answer) => {
        if (answerPreliminaries(hit, answer)) return;
        answerResult(hit, answer, { resultType: 'complete', content: [] });
      }),
      (thing) => thing.close(),
    );
    const servers = { spy: { url: spy.url, headers: { 'X-Upstream-Key': 'of the upstream' } } };
    const gateway = cleanup.add(await startGateway({ config: gatewayConfig(servers) }), (thing) =>
      thing.stop(),
    );
    await call(gateway, 'spy__act', {});
    expect(spy.hits.entries.length).toBeGreaterThan(0);
    expect(JSON.stringify(spy.hits.entries)).not.toContain(gateway.token);
    expect(spy.hits.entries.at(-1)?.headers['x-upstream-key']).toBe('of the upstream');
  });
});
