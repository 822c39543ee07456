/** Upstreams that answer wrongly, as HTTP (group H) and as JSON-RPC and event streams (group I), seen by the caller. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeDns } from '../support/bad-input/fake-dns.ts';
import {
  bytes,
  chatter,
  DONE,
  endless,
  gzipBomb,
  head,
  json,
  message,
  response,
  sized,
  status,
  stream,
  TOO_SHORT,
  trickle,
} from '../support/bad-input/hostile-answers.ts';
import {
  answerEvent,
  cutStream,
  event,
  notification,
  oddStream,
  withBadBytes,
} from '../support/bad-input/hostile-streams.ts';
import { modern } from '../support/bad-input/messages.ts';
import type { Observed } from '../support/bad-input/observation.ts';
import { type Act, type Rig, startRig, succeed } from '../support/bad-input/rig.ts';
import { answerLists, WIDE_LIMITS } from '../support/bad-input/tools-upstream.ts';
import { describeBadInput, type Stage, type Trial } from '../support/bad-input/trial.ts';
import { answerResult, type Hit } from '../support/raw-upstream.ts';
import { TEST_CERTIFICATE } from '../support/upstream/tls-certificate.ts';

const CAP_BYTES = 2 * 1024 * 1024;

let rig: Rig;
const resolver = fakeDns();
const servers: Server[] = [];
/** Answers the lists of the upstream instead of the usual, for one trial. */
let lists: ((hit: Hit) => object | undefined) | undefined;

async function tlsServer(options: object): Promise<number> {
  const server = createServer({ ...TEST_CERTIFICATE, ...options }, (_request, answer) => answer.end());
  servers.push(server);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  resolver.names.set('nowhere.example.com', 'ENOTFOUND');
  // The certificate is for the first of them and signed by nobody.
  for (const name of ['mcp.example.org', 'else.example.org']) resolver.names.set(name, '127.0.0.1');
  const port = await tlsServer({});
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  const oldPort = await tlsServer(old);
  rig = await startRig({
    preliminaries(hit, answer) {
      const result = lists?.(hit);
      if (result === undefined) return answerLists(hit, answer);
      answerResult(hit, answer, result);
      return true;
    },
    config: (url) => ({
      // One failure opens the breaker and one success closes it: a single probe then shows how it was counted.
      limits: { ...WIDE_LIMITS, breaker: { failures: 1, open_ms: 1, probe_successes: 1 } },
      egress: { allow: ['127.0.0.0/8'] },
      mcpServers: {
        up: { type: 'http', url, prefix: '' },
        nowhere: { type: 'http', url: 'http://nowhere.example.com/mcp' },
        unsigned: { type: 'http', url: `https://mcp.example.org:${String(port)}/mcp` },
        misnamed: { type: 'http', url: `https://else.example.org:${String(port)}/mcp` },
        old: { type: 'http', url: `https://mcp.example.org:${String(oldPort)}/mcp` },
      },
    }),
  });
});

afterAll(async () => {
  await rig.close();
  for (const server of servers) server.close();
  resolver.restore();
});

/** A project whose breaker for `up` lets one probe through. */
async function halfOpen({ project: make, call, clock }: Rig): ReturnType<Rig['project']> {
  lists = undefined;
  const project = await make();
  rig.act = status(500);
  await call(project.token, 'read');
  clock.advance(1);
  rig.act = succeed;
  return project;
}

/** One call of a tool that is safe to call again, while the upstream does this. */
function against(act: Act): Trial['run'] {
  return ({ rig: stage, project }) => {
    stage.act = act;
    return stage.call(project.token, 'read');
  };
}

/** The same, until the deadline of the call; the upstream goes on talking meanwhile. */
function untilDeadline(act: Act): Trial['run'] {
  return async ({ rig: stage, project }) => {
    const before = stage.hits().length;
    stage.act = act;
    const call = stage.call(project.token, 'read');
    await expect.poll(() => stage.hits().length, { interval: 5 }).toBe(before + 1);
    for (let second = 0; second < 9; second += 1) {
      stage.clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    stage.clock.advance(1_100);
    return call;
  };
}

/** The hostile answer and then a good one: what one leaves behind must not reach the other. */
function thenAgain(act: Act, check: (second: Hit) => void = () => {}): Trial['run'] {
  return async (stage) => {
    const first = await against(act)(stage);
    // A failure has opened the breaker.
    stage.rig.clock.advance(1);
    stage.rig.act = (hit, answer) => {
      check(hit);
      answerResult(hit, answer, { resultType: 'complete', content: [{ type: 'text', text: 'second' }] });
    };
    const second = await stage.rig.call(stage.project.token, 'read');
    expect(second.summary).toBe('200 result');
    expect(second.body).toContain('second');
    return first;
  };
}

function unresolved(code: string): Trial['run'] {
  return async ({ rig: { call, clock }, project: { token } }: Stage): Promise<Observed> => {
    await call(token, 'nowhere__x');
    clock.advance(1);
    resolver.names.set('nowhere.example.com', code);
    const observed = await call(token, 'nowhere__x');
    resolver.names.set('nowhere.example.com', 'ENOTFOUND');
    return observed;
  };
}

const failing = (code: string, run: Trial['run'], over: Partial<Trial> = {}): Trial => ({
  pin: `200 isError ${code}`,
  hits: 1,
  breaker: 'failure',
  run,
  ...over,
});
const invalid = (act: Act, over: Partial<Trial> = {}): Trial =>
  failing('upstream_invalid_response', against(act), over);
const tooLarge = (act: Act, over: Partial<Trial> = {}): Trial =>
  failing('response_too_large', against(act), { breaker: 'neutral', ...over });
const served = (run: Trial['run'], over: Partial<Trial> = {}): Trial => ({
  pin: '200 result',
  hits: 1,
  breaker: 'success',
  run,
  ...over,
});
const unreachable = (upstream: string, over: Partial<Trial> = {}): Trial =>
  failing('upstream_unreachable', ({ rig: stage, project }) => stage.call(project.token, `${upstream}__x`), {
    hits: 0,
    upstream,
    ...over,
  });

const NO_TLS_DETAIL =
  'what is wrong with a connection is told to the operator in the log: to a caller it would map the network behind the gateway';
describeBadInput({
  groups: 'HI',
  rig: () => rig,
  stage: halfOpen,
  notYet: {},
  counts: { cases: 55, deviating: 5, notYet: 0 },
  trials: {
    'BI-298': unreachable('nowhere'),
    'BI-299': failing('upstream_unreachable', unresolved('EAI_AGAIN'), {
      hits: 0,
      breaker: 'neutral',
      upstream: 'nowhere',
      audit: ['error upstream_unreachable', 'error upstream_unreachable'],
    }),
    'BI-300': failing(
      'upstream_unreachable',
      against((_hit, answer) => void answer.socket?.resetAndDestroy()),
    ),
    'BI-302': invalid(head('200 OK', ['Content-Length: 500'], (body) => body.slice(0, 40))),
    'BI-303': [
      { ...unreachable('unsigned'), label: 'signed by nobody', deviates: NO_TLS_DETAIL },
      { ...unreachable('misnamed'), label: 'for another name', deviates: NO_TLS_DETAIL },
      { ...unreachable('old'), label: 'TLS 1.1', deviates: NO_TLS_DETAIL },
    ],
    'BI-307': failing('timeout', untilDeadline(trickle)),
    'BI-308': invalid(head('200 OK', [`X-Pad: ${'a'.repeat(300_000)}`])),
    'BI-309': served(against(json((hit) => sized(hit, CAP_BYTES)))),
    'BI-310': tooLarge(json((hit) => sized(hit, CAP_BYTES + 1), { 'content-length': String(CAP_BYTES + 1) })),
    'BI-311': tooLarge((hit, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json' });
      const text = sized(hit, CAP_BYTES + 1);
      answer.write(text.slice(0, 1_000));
      answer.end(text.slice(1_000));
    }),
    'BI-312': tooLarge(endless),
    'BI-313': invalid(gzipBomb, {
      deviates: 'no answer with a content coding is read, so nobody learns how large it would be',
    }),
    'BI-314': invalid(
      head('200 OK', [`Content-Encoding: ${Array.from({ length: 200 }, () => 'gzip').join(', ')}`]),
    ),
    'BI-315': invalid(head('200 OK', ['Content-Length: 100000'])),
    'BI-316': invalid(TOO_SHORT),
    'BI-317': invalid(
      head(
        '200 OK',
        ['Content-Length: 5', 'Transfer-Encoding: chunked'],
        (body) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      ),
    ),
    'BI-319': invalid(head('200 OK', ['Content-Length: -1'])),
    'BI-320': [
      {
        ...invalid(head('200 OK', ['Transfer-Encoding: chunked'], (body) => `ZZ\r\n${body}\r\n0\r\n\r\n`)),
        label: 'bad size',
      },
      {
        ...invalid(head('200 OK', ['Transfer-Encoding: chunked'], (body) => `fff\r\n${body}`)),
        label: 'truncated',
      },
      {
        ...invalid(
          head(
            '200 OK',
            ['Transfer-Encoding: chunked'],
            (body) => `${body.length.toString(16)}\r\n${body}\r\n`,
          ),
        ),
        label: 'no terminator',
      },
    ],
    'BI-322': invalid(bytes('SSH-2.0-OpenSSH_9.9\r\n')),
    'BI-323': invalid(bytes((hit) => response(hit, DONE))),
    'BI-324': invalid(head('000 Nothing', ['Content-Length: 0'], () => '')),
    'BI-327': invalid(status(204)),
    'BI-328': invalid(status(202)),
    'BI-329': invalid(status(304)),
    'BI-330': invalid(status(206, { 'content-type': 'application/json' }, '{}')),
    'BI-331': [301, 302, 303, 307, 308].map((code) => ({
      ...failing('upstream_redirect', against(status(code, { location: 'https://evil.example/' }))),
      label: String(code),
    })),
    'BI-332': failing('upstream_redirect', against(status(307, { location: '/mcp' }))),
    'BI-338': [408, 500, 502, 503, 504].map((code) => ({
      ...failing('upstream_error', against(status(code, { 'content-type': 'text/plain' }, 'c4n4ry'))),
      label: String(code),
    })),
    'BI-339': failing('upstream_rate_limited', against(status(429, { 'retry-after': '30' })), {
      breaker: 'neutral',
    }),
    'BI-346': served(
      async (stage) => {
        const observed = await thenAgain(
          json((hit) => response(hit, DONE), { 'set-cookie': 'sid=c4n4ry' }),
          (second) => expect(second.headers.cookie).toBeUndefined(),
        )(stage);
        expect(observed.headers['set-cookie']).toBeUndefined();
        return observed;
      },
      { hits: 2, audit: ['success', 'success'] },
    ),
    'BI-347': served(async (stage) => {
      const names = [
        'access-control-allow-origin',
        'content-security-policy',
        'strict-transport-security',
        'server',
        'x-powered-by',
      ];
      const headers = Object.fromEntries(names.map((name) => [name, 'c4n4ry']));
      const observed = await against(json((hit) => response(hit, DONE), headers))(stage);
      for (const name of names) expect(observed.headers[name]).toBeUndefined();
      return observed;
    }),
    'BI-348': served(
      thenAgain(
        bytes((hit) => {
          const body = response(hit, DONE);
          const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
          return answer + answer.replace('done', 'evil');
        }, true),
      ),
      { hits: 2, audit: ['success', 'success'] },
    ),
    'BI-352': invalid(json(() => '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"c4n4ry"}}')),
    'BI-353': invalid(json((hit) => `[${response(hit, DONE)},${response(hit, DONE)}]`)),
    'BI-354': served(async (stage) => {
      const second = (hit: Hit): string => answerEvent(hit).replace('done', 'evil');
      const observed = await against(stream((hit) => [answerEvent(hit) + second(hit), second(hit)]))(stage);
      expect(observed.body).toContain('done');
      return observed;
    }),
    'BI-355': invalid(message('"result":{"content":[]},"error":{"code":1,"message":"c4n4ry"}')),
    'BI-356': invalid(message('"x":1')),
    'BI-358': ['"code":"c4n4ry",', '', '"code":1e400,'].map((code) => ({
      ...invalid(message(`"error":{${code}"message":"c4n4ry"}`)),
      label: code === '' ? 'missing' : code,
    })),
    'BI-362': [-32_601, -32_602].map((code) => ({
      pin: `200 ${String(code)}`,
      hits: 1,
      breaker: 'success' as const,
      label: String(code),
      run: against(message(`"error":{"code":${String(code)},"message":"No."}`)),
    })),
    'BI-363': {
      pin: '200 isError',
      hits: 1,
      breaker: 'success',
      run: against(json((hit) => response(hit, { ...DONE, isError: true }))),
    },
    'BI-364': served(against(json((hit) => response(hit, {})))),
    'BI-368': {
      // The list as a whole is served without this upstream; a call of a tool that must be looked up there fails.
      ...failing('upstream_invalid_response', async ({ rig: stage, project }) => {
        lists = (hit) =>
          hit.message?.method === 'tools/list'
            ? { resultType: 'input_required', inputRequests: {} }
            : undefined;
        // A name that is not in the list is looked for again once the list is five seconds old.
        stage.clock.advance(5_000);
        return stage.call(project.token, 'new');
      }),
    },
    'BI-369': failing(
      'input_required_unsupported',
      against(
        json((hit) =>
          response(hit, {
            resultType: 'input_required',
            inputRequests: { a: { method: 'elicitation/create', params: {} } },
          }),
        ),
      ),
      {
        breaker: 'success',
        deviates:
          'questions in mid-call are not carried yet; an upstream that asks one is told apart from one that is broken',
      },
    ),
    'BI-370': tooLarge(
      json((hit) => response(hit, { resultType: 'input_required', requestState: 'x'.repeat(5_000_000) })),
    ),
    'BI-372': served(async (stage) => {
      const content = ['javascript:alert(1)', 'file:/etc/passwd'].map((uri) => ({
        type: 'resource_link',
        uri,
        name: 'x',
      }));
      const observed = await against(json((hit) => response(hit, { ...DONE, content })))(stage);
      expect(observed.body).toContain('javascript:alert(1)');
      return observed;
    }),
    'BI-373': failing('timeout', untilDeadline(chatter(': alive\n\n'))),
    'BI-374': failing(
      'timeout',
      untilDeadline(chatter(notification('notifications/progress', { progressToken: 1, progress: 1 }))),
    ),
    'BI-375': [
      { ...tooLarge(stream((hit) => [`data: ${sized(hit, 3 * 1024 * 1024)}\n\n`])), label: 'one event' },
      { ...tooLarge(stream(() => ['data: ', 'x'.repeat(3 * 1024 * 1024)], true)), label: 'one line' },
    ],
    'BI-377': served(against(stream(oddStream))),
    'BI-379': served(against(stream((hit) => ['retry: 0\n\nretry: 99999999999\n\n', answerEvent(hit)]))),
    'BI-381': served(
      against(
        stream((hit) => [
          event('{"jsonrpc":"2.0","id":"s","method":"sampling/createMessage","params":{}}'),
          answerEvent(hit),
        ]),
      ),
    ),
    'BI-383': [
      { ...served(against(stream(cutStream))), label: 'cut line ends and characters' },
      { ...served(against(stream((hit) => withBadBytes(hit, 'comment')))), label: 'bad bytes in a comment' },
      {
        ...invalid(stream((hit) => withBadBytes(hit, 'answer'))),
        label: 'bad bytes in the answer',
        deviates:
          'an answer goes on byte for byte, so it is taken only as UTF-8; mending it would be an answer of our own',
      },
    ],
    'BI-384': {
      pin: '200 result',
      // Discovery, the pages, and the other three lists.
      hits: 54,
      audit: [],
      breaker: 'neutral',
      deviates:
        'a list is fetched beside the breaker, once for all callers of a project, and counts neither way',
      async run({ rig: stage }) {
        let page = 0;
        lists = (hit) => {
          if (hit.message?.method !== 'tools/list') return undefined;
          page += 1;
          return {
            resultType: 'complete',
            tools: [{ name: `p${String(page)}`, inputSchema: { type: 'object' } }],
            nextCursor: String(page),
          };
        };
        const { token } = await stage.project();
        const observed = await stage.send(modern({ method: 'tools/list', token }));
        expect(page).toBe(50);
        expect(observed.body).toContain('"p50"');
        return observed;
      },
    },
    'BI-386': {
      pin: '200 result',
      hits: 1,
      breaker: 'success',
      async run({ rig: stage, project }) {
        stage.act = json((hit) =>
          response(hit, { resultType: 'complete', contents: [], ttlMs: 1_000, cacheScope: 'public' }),
        );
        const observed = await stage.send(
          modern({ method: 'resources/read', params: { uri: 'x://a/b' }, token: project.token }),
        );
        expect(observed.body).toContain('"cacheScope":"private"');
        expect(observed.body).not.toContain('public');
        return observed;
      },
    },
    'BI-388': served(
      against(
        stream((hit) => [
          notification('notifications/tools/list_changed', {}).repeat(1_000),
          answerEvent(hit),
        ]),
      ),
    ),
  },
});

describe('what is left of an answer on its connection', () => {
  it('is not taken for a part of the next one', async () => {
    const project = await halfOpen(rig);
    const first = await thenAgain(TOO_SHORT)({ rig, project, input: { kind: 'upstream' } });
    expect(first.summary).toBe('200 isError upstream_invalid_response');
  });
});

describe('an upstream whose list is no list', () => {
  it('is named beside the lists of the others', async () => {
    lists = (hit) =>
      hit.message?.method === 'tools/list' ? { resultType: 'input_required', inputRequests: {} } : undefined;
    const { token } = await rig.running.project();
    const observed = await rig.send(modern({ method: 'tools/list', token }));
    lists = undefined;
    expect(observed.summary).toBe('200 result');
    const { _meta } = (JSON.parse(observed.body) as { result: { _meta: object } }).result;
    expect(JSON.stringify(_meta)).toContain(
      '"upstream":"up","code":"upstream_invalid_response","list":"missing"',
    );
  });
});
