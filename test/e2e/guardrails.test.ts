import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../src/testing/index.ts';
import {
  callTool,
  inProcessGateway,
  type InProcessGateway,
  type TestProject,
} from '../support/in-process-gateway.ts';
import {
  answerPreliminaries,
  answerResult,
  modernRequest,
  rawPost,
  rawUpstream,
  type Hit,
  type RawUpstream,
} from '../support/index.ts';

/** What the upstream does with a tool call, set by each test. */
let act: (hit: Hit, answer: ServerResponse) => void;
let upstream: RawUpstream;
let running: InProcessGateway<TestClock>;
let url: string;
let project: TestProject;

const TOOL = 'up__act';
const succeed = (hit: Hit, answer: ServerResponse): void => {
  answerResult(hit, answer, { resultType: 'complete', content: [{ type: 'text', text: 'done' }] });
};
const dispatched = (): number =>
  upstream.hits.entries.filter((hit) => hit.message?.method === 'tools/call').length;

const STRICT_TOOL = {
  name: 'strict',
  description: 'Takes one number.',
  inputSchema: {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 1 } },
    required: ['count'],
  },
};

beforeAll(async () => {
  upstream = await rawUpstream((hit, answer) => {
    if (hit.message?.method === 'tools/list') {
      const tools = [{ name: 'act', description: 'Acts.', inputSchema: { type: 'object' } }, STRICT_TOOL];
      answerResult(hit, answer, { resultType: 'complete', tools, ttlMs: 0, cacheScope: 'private' });
      return;
    }
    if (!answerPreliminaries(hit, answer)) act(hit, answer);
  });
  running = await inProcessGateway({
    clock: new TestClock(),
    config: { mcpServers: { up: { type: 'http', url: upstream.url } } },
  });
  url = running.gateway.url;
});

afterAll(async () => {
  await running.close();
  await upstream.close();
});

beforeEach(async () => {
  act = succeed;
  project = await running.project();
  // The list is fetched now, so that the test's own calls are the only ones it counts.
  await rawPost(url, modernRequest('tools/list', {}, { token: project.token }));
});

async function rowsOf({ projectId }: TestProject): Promise<{ status: string; code: string | null }[]> {
  await running.gateway.flushAudit();
  const result = await running.gateway.storage.database.asProject(projectId, (tx) =>
    tx.query<{ status: string; code: string | null }>(
      'select status, code from tool_calls order by started_at, call_id',
    ),
  );
  return result.rows;
}

describe('authentication', () => {
  it.each([
    ['no token', undefined],
    ['something that is no token', 'hello'],
    ['a token with a typing mistake', 'bw_live_0123456789ABCDEFGHIJKLMNOPQRSTUV000000'],
  ])('answers 401 and dispatches nothing for %s', async (_name, token) => {
    const before = dispatched();
    const called = await callTool(url, { ...(token === undefined ? {} : { token }), name: TOOL });
    expect(called.answer.status).toBe(401);
    expect(called.answer.headers['www-authenticate']).toContain('Bearer');
    expect(called.error()).toMatchObject({ status: 'error', code: 'unauthorized', retryable: false });
    expect(dispatched()).toBe(before);
  });

  it('records a refused call that belongs to no project where only operators see it', async () => {
    const called = await callTool(url, { name: TOOL });
    await running.gateway.flushAudit();
    const id = called.error().request_id;
    const find = 'select status, code, project_id from tool_calls where call_id = $1';
    const { database } = running.gateway.storage;
    const asSystem = await database.asSystem((tx) => tx.query(find, [id]));
    expect(asSystem.rows).toEqual([{ status: 'auth_failure', code: 'unauthorized', project_id: null }]);
    const asProject = await database.asProject(project.projectId, (tx) => tx.query(find, [id]));
    expect(asProject.rows).toEqual([]);
  });

  it('refuses a revoked token at the next call, also when the revocation was typed as SQL', async () => {
    expect((await callTool(url, { token: project.token, name: TOOL })).isError).toBe(false);
    await running.gateway.storage.database.asSystem((tx) =>
      tx.query('update tokens set revoked_at = now() where id = $1', [project.tokenId]),
    );
    running.clock.advance(1);
    const called = await callTool(url, { token: project.token, name: TOOL });
    expect(called.answer.status).toBe(401);
    expect(called.error().code).toBe('token_revoked');
    expect((await rowsOf(project)).map((row) => row.status)).toEqual(['success', 'auth_failure']);
  });
});

describe('authorization', () => {
  it('answers 403 with the missing scope', async () => {
    const reader = await running.project({ scopes: ['tools:read'] });
    const called = await callTool(url, { token: reader.token, name: TOOL });
    expect(called.answer.status).toBe(403);
    expect(called.answer.headers['www-authenticate']).toContain('scope="tools:call"');
    expect(called.error()).toMatchObject({ code: 'insufficient_scope', required_scopes: ['tools:call'] });
  });

  it('answers a tool outside the allow-list exactly like one that does not exist, at both endpoints', async () => {
    const limited = await running.project({ toolAllowList: ['up__strict'] });
    const scrub = (body: string): string => body.replaceAll(/"request_id":"[^"]*"/g, '');
    for (const [endpoint, hidden, unknown] of [
      [url, 'up__act', 'up__nix'],
      [`${url}/up`, 'act', 'nix'],
    ] as const) {
      const first = await callTool(endpoint, { token: limited.token, name: hidden });
      const second = await callTool(endpoint, { token: limited.token, name: unknown });
      expect(first.error().code).toBe('tool_not_found');
      expect(scrub(first.answer.body)).toBe(scrub(second.answer.body));
      const list = await rawPost(endpoint, modernRequest('tools/list', {}, { token: limited.token }));
      expect(list.body).toContain('strict');
      expect(list.body).not.toContain('act"');
    }
  });

  it('answers 404 for an endpoint that the project does not have, after authentication', async () => {
    expect((await callTool(`${url}/nobody`, { token: project.token, name: 'act' })).answer.status).toBe(404);
    expect((await callTool(`${url}/nobody`, { name: 'act' })).answer.status).toBe(401);
  });
});

describe('argument validation', () => {
  it('names every wrong and unknown member, and dispatches nothing', async () => {
    const before = dispatched();
    const called = await callTool(url, {
      token: project.token,
      name: 'up__strict',
      arguments: { count: 0, extra: 'x' },
    });
    expect(called.answer.status).toBe(200);
    expect(called.isError).toBe(true);
    expect(called.error().code).toBe('invalid_arguments');
    const text = JSON.stringify(called.error());
    expect(text).toContain('count');
    expect(text).toContain('extra');
    expect(dispatched()).toBe(before);
  });

  it('lets correct arguments pass', async () => {
    expect(
      (await callTool(url, { token: project.token, name: 'up__strict', arguments: { count: 3 } })).isError,
    ).toBe(false);
  });
});

describe('the rate limit', () => {
  it('admits 60 calls in 60 s, says exactly when the next one is admitted, and keeps its word', async () => {
    for (let call = 0; call < 60; call += 1) {
      expect((await callTool(url, { token: project.token, name: TOOL })).isError).toBe(false);
      if (call === 0) running.clock.advance(10_000);
    }
    const refused = await callTool(url, { token: project.token, name: TOOL });
    expect(refused.isError).toBe(true);
    expect(refused.answer.status).toBe(200);
    expect(refused.error()).toMatchObject({ code: 'rate_limited', retryable: true, retry_after_ms: 50_000 });
    expect(refused.answer.headers['retry-after']).toBe('50');
    expect(refused.answer.headers['breakwater-error']).toBe('rate_limited');
    running.clock.advance(49_999);
    expect((await callTool(url, { token: project.token, name: TOOL })).error().retry_after_ms).toBe(1);
    running.clock.advance(1);
    expect((await callTool(url, { token: project.token, name: TOOL })).isError).toBe(false);
  });

  it('leaves another project alone', async () => {
    const other = await running.project();
    for (let call = 0; call < 61; call += 1) await callTool(url, { token: project.token, name: TOOL });
    expect((await callTool(url, { token: other.token, name: TOOL })).isError).toBe(false);
  });
});

describe('the concurrency limit', () => {
  it('runs 10 calls to one upstream, lets 10 wait for a second, and refuses the rest at once', async () => {
    const held: (() => void)[] = [];
    act = (hit, answer) => {
      held.push(() => {
        succeed(hit, answer);
      });
    };
    const before = dispatched();
    const calls = Array.from({ length: 21 }, () => callTool(url, { token: project.token, name: TOOL }));
    const first = await Promise.race(calls);
    expect(first.error()).toMatchObject({ code: 'concurrency_limited', retryable: true });
    await expect.poll(() => held.length).toBe(10);
    running.clock.advance(1_100);
    await expect
      .poll(async () => {
        running.clock.advance(20);
        const settled = await Promise.all(
          calls.map((call) =>
            Promise.race([call, new Promise<undefined>((resolve) => setTimeout(resolve, 5, undefined))]),
          ),
        );
        return settled.filter((called) => called !== undefined).length;
      })
      .toBe(11);
    for (const release of held) release();
    const answers = await Promise.all(calls);
    expect(answers.filter((called) => !called.isError)).toHaveLength(10);
    expect(dispatched() - before).toBe(10);
  });
});

describe('the circuit breaker', () => {
  const fail = (_hit: Hit, answer: ServerResponse): void => {
    answer.writeHead(500, { 'content-type': 'text/plain' });
    answer.end('secret internal text');
  };

  it('opens at the fifth failure in 5 min, for 15 min, lets one probe in, and closes after 3 successes', async () => {
    act = fail;
    for (let call = 0; call < 5; call += 1) {
      const called = await callTool(url, { token: project.token, name: TOOL });
      expect(called.error().code).toBe('upstream_error');
      expect(called.answer.body).not.toContain('secret');
    }
    const before = dispatched();
    const refused = await callTool(url, { token: project.token, name: TOOL });
    expect(refused.error()).toMatchObject({ code: 'circuit_open', retryable: true, retry_after_ms: 900_000 });
    expect(dispatched()).toBe(before);
    running.clock.advance(899_999);
    expect((await callTool(url, { token: project.token, name: TOOL })).error().retry_after_ms).toBe(1);
    running.clock.advance(1);
    act = succeed;
    for (let probe = 0; probe < 3; probe += 1) {
      expect((await callTool(url, { token: project.token, name: TOOL })).isError).toBe(false);
    }
    act = fail;
    expect((await callTool(url, { token: project.token, name: TOOL })).error().code).toBe('upstream_error');
  });

  it('leaves the same upstream open to another project', async () => {
    act = fail;
    for (let call = 0; call < 6; call += 1) await callTool(url, { token: project.token, name: TOOL });
    const other = await running.project();
    act = succeed;
    expect((await callTool(url, { token: other.token, name: TOOL })).isError).toBe(false);
  });
});

describe('the deadline', () => {
  it('answers after 10 s, says that the effect is unknown, and closes the connection to the upstream', async () => {
    let isClosed = false;
    let arrived = false;
    act = (_hit, answer) => {
      arrived = true;
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.write('{');
      answer.on('close', () => {
        isClosed = true;
      });
    };
    const called = callTool(url, { token: project.token, name: TOOL });
    await expect.poll(() => arrived).toBe(true);
    running.clock.advance(9_990);
    running.clock.advance(30);
    expect((await called).error()).toMatchObject({
      code: 'timeout',
      retryable: false,
      commit_state: 'unknown',
    });
    await expect.poll(() => isClosed).toBe(true);
    expect(await rowsOf(project)).toEqual([{ status: 'timeout', code: 'timeout' }]);
  });

  it('cancels the upstream call when the caller goes away', async () => {
    let isClosed = false;
    let arrived = false;
    act = (_hit, answer) => {
      arrived = true;
      answer.on('close', () => {
        isClosed = true;
      });
    };
    const { request } = await import('node:http');
    const message = modernRequest('tools/call', { name: TOOL, arguments: {} }, { token: project.token });
    const sent = request(url, {
      method: 'POST',
      headers: { ...message.headers, 'content-type': 'application/json', accept: 'application/json' },
    });
    sent.on('error', () => {});
    sent.end(JSON.stringify(message.body));
    await expect.poll(() => arrived).toBe(true);
    sent.destroy();
    await expect.poll(() => isClosed).toBe(true);
    await expect.poll(() => rowsOf(project)).toEqual([{ status: 'error', code: 'cancelled' }]);
  });
});

describe('the response cap', () => {
  it('refuses a result of more than 2 MiB while it arrives, and hangs up', async () => {
    let sentBytes = 0;
    act = (hit, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.write(
        `{"jsonrpc":"2.0","id":${String(hit.message?.id)},"result":{"content":[{"type":"text","text":"`,
      );
      const chunk = 'x'.repeat(64 * 1024);
      const more = (): void => {
        if (answer.destroyed || sentBytes > 64 * 1024 * 1024) return;
        sentBytes += chunk.length;
        if (answer.write(chunk)) setImmediate(more);
        else answer.once('drain', more);
      };
      more();
    };
    const called = await callTool(url, { token: project.token, name: TOOL });
    expect(called.error()).toMatchObject({ code: 'response_too_large', commit_state: 'unknown' });
    expect(sentBytes).toBeLessThan(16 * 1024 * 1024);
  });

  it('refuses a compressed answer, whose size nobody knows before it is unpacked', async () => {
    act = (_hit, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      answer.end('x');
    };
    expect((await callTool(url, { token: project.token, name: TOOL })).error().code).toBe(
      'upstream_invalid_response',
    );
  });
});

describe('the audit log', () => {
  it('has one row for every call, the refused ones too', async () => {
    const call = async (name: string): Promise<void> => {
      await callTool(url, { token: project.token, name });
      running.clock.advance(1);
    };
    await call(TOOL);
    await call('up__strict');
    await call('nobody__knows');
    act = (_hit, answer) => answer.destroy();
    await call(TOOL);
    expect(await rowsOf(project)).toEqual([
      { status: 'success', code: null },
      { status: 'error', code: 'invalid_arguments' },
      { status: 'error', code: 'tool_not_found' },
      { status: 'error', code: 'upstream_unreachable' },
    ]);
  });
});

describe('the caller', () => {
  it('sends nothing of its own HTTP request upstream', async () => {
    const message = modernRequest('tools/call', { name: TOOL, arguments: {} }, { token: project.token });
    await rawPost(url, {
      ...message,
      headers: { ...message.headers, cookie: 'a=b', 'x-forwarded-for': '1.2.3.4' },
    });
    const hit = upstream.hits.entries.findLast((candidate) => candidate.message?.method === 'tools/call');
    expect(hit?.headers.authorization).toBeUndefined();
    expect(hit?.headers.cookie).toBeUndefined();
    expect(hit?.headers['x-forwarded-for']).toBeUndefined();
    expect(hit?.body).not.toContain(project.token);
  });
});
