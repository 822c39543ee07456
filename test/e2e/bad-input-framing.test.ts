/** Hostile HTTP framing (group A) through the real endpoint, byte by byte. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, type ExchangeOptions } from '../support/bad-input/http-socket.ts';
import { httpBytes, modern } from '../support/bad-input/messages.ts';
import { observe, type Observed } from '../support/bad-input/observation.ts';
import { CONTROL_TOOL, type Rig } from '../support/bad-input/rig.ts';
import type { TestProject } from '../support/in-process-gateway.ts';
import { startToolsRig } from '../support/bad-input/tools-upstream.ts';
import { describeBadInput, type Stage, type Trial } from '../support/bad-input/trial.ts';
import { BAD_INPUT, casesOf } from '../support/bad-input/vectors.ts';

let rig: Rig;
let project: TestProject;
/** Node looks for connections that say nothing once a second, so the silent one is opened first and judged last. */
let silent: Promise<Observed>;

beforeAll(async () => {
  rig = await startToolsRig();
  project = await rig.project();
  silent = exchange(rig.port, '', { timeoutMs: 15_000 }).then((exchanged) => observe(exchanged));
});
afterAll(() => rig.close());

/** The catalogue's bytes, with what every request of ours has: nothing but the framing is wrong then. */
function raw(change: (text: string) => string = (text) => text, options?: ExchangeOptions): Trial['run'] {
  return ({ rig: { send }, input, project: { token } }) => {
    const usual = `Content-Type: application/json\r\nAuthorization: Bearer ${token}\r\n`;
    const text = change(input.raw ?? '').replace(/(Host: gw\.example\.com\r\n)/, `$1${usual}`);
    return send(Buffer.from(text, 'latin1'), options);
  };
}

const asIs = (options?: ExchangeOptions): Trial['run'] => {
  return ({ rig: { send }, input }) => send(Buffer.from(input.raw ?? '', 'latin1'), options);
};

/** Refused by the HTTP parser: no body at all. */
const PARSER = { pin: '400', run: raw() } satisfies Trial;
/** Accepted by the HTTP parser, refused by us. */
const EDGE = { pin: '400 -32600 bad_request', run: raw() } satisfies Trial;

async function pipelined({ rig: { port }, project: { token } }: Stage): Promise<Observed> {
  const requests = [1, 2, 3].map((id) => {
    const request = modern({ method: 'tools/call', params: { name: 't', arguments: {} }, token, id });
    return httpBytes({ ...request, headers: { ...request.headers, connection: undefined } });
  });
  const exchanged = await exchange(port, Buffer.concat(requests), { answers: 3 });
  const answers = [0, 1, 2].map((index) => observe(exchanged, index));
  expect(answers.map(({ id, summary }) => [id, summary])).toEqual([1, 2, 3].map((id) => [id, '200 result']));
  return observe(exchanged);
}

/** Node 24 refuses these in its parser; Node 20 drops most of them in silence, and we refuse the rest. */
async function tooManyHeaders(stage: Stage): Promise<Observed> {
  const change = (text: string): string => text.replace(/<2100 x .*?>/, 'a:\r\n'.repeat(2_100));
  const observed = await raw(change)(stage);
  return { ...observed, summary: String(observed.http) };
}

/** The crowd stays below the bound on connections; that the excess is dropped is the transport's own test. */
async function idleCrowd({ rig: { port, call, control } }: Stage): Promise<Observed> {
  const sockets = await Promise.all(
    Array.from({ length: 1_000 }, () => {
      return new Promise<Socket>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          resolve(socket);
        });
        socket.on('error', () => {
          resolve(socket);
        });
      });
    }),
  );
  const observed = await call(control.token, CONTROL_TOOL);
  for (const socket of sockets) socket.destroy();
  return observed;
}

const message = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

describeBadInput({
  groups: 'A',
  rig: () => rig,
  stage: () => Promise.resolve(project),
  notYet: {},
  counts: { cases: 34, deviating: 0, notYet: 0 },
  trials: {
    'BI-001': { pin: '400 -32600 bad_request', run: asIs() },
    'BI-002': EDGE,
    'BI-008': PARSER,
    'BI-009': PARSER,
    'BI-011': PARSER,
    'BI-012': PARSER,
    'BI-013': PARSER,
    'BI-015': PARSER,
    'BI-017': PARSER,
    'BI-018': PARSER,
    'BI-019': EDGE,
    'BI-020': { pin: '505 -32600 http_version_not_supported', run: raw() },
    'BI-022': PARSER,
    'BI-023': PARSER,
    'BI-025': PARSER,
    'BI-029': { pin: '431', run: tooManyHeaders },
    'BI-030': { pin: '431', run: raw((text) => text.replace('<20000 x a>', 'a'.repeat(20_000))) },
    'BI-031': PARSER,
    'BI-032': PARSER,
    'BI-034': PARSER,
    'BI-037': PARSER,
    'BI-039': PARSER,
    'BI-040': { pin: '400', run: raw((text) => text.replace('<32768 x a>', 'a'.repeat(32_768))) },
    'BI-043': { pin: '413 -32600 body_too_large', run: raw() },
    'BI-044': { pin: '417', run: raw() },
    'BI-045': { pin: '405', run: asIs() },
    'BI-046': { pin: '405 -32600 method_not_allowed', run: raw() },
    'BI-047': { pin: '405 -32600 method_not_allowed', run: raw() },
    'BI-048': {
      pin: '401 -31016 unauthorized',
      // Two bytes of body are no message, and messages are read before tokens.
      run: ({ rig: { send }, input }) => {
        const text = (input.raw ?? '')
          .replace(
            'Content-Length: 2',
            `Content-Type: application/json\r\nContent-Length: ${String(message.length)}`,
          )
          .replace('{}', message);
        return send(text);
      },
    },
    'BI-049': { pin: '200 result', hits: 3, audit: ['success', 'success', 'success'], run: pipelined },
    'BI-050': { pin: '400', run: raw() },
    'BI-055': { pin: '400', run: raw(undefined, { halfClose: true }) },
    'BI-056': { pin: '200 result', audit: [], run: idleCrowd },
    'BI-054': { pin: '408', run: () => silent },
  },
});

describe('the catalogue', () => {
  it('has no other cases than those of these suites, and of tool definitions, secrets and the admin surface', () => {
    const counts = ['A', 'BC', 'DE', 'FG', 'HI', 'K', 'JLM'].map((letters) => casesOf(letters).length);
    expect(counts).toEqual([34, 39, 64, 40, 55, 13, 41]);
    expect(BAD_INPUT).toHaveLength(286);
  });
});

describe('the refusals of the HTTP parser', () => {
  it('say nothing but the status', async () => {
    const exchanged = await exchange(rig.port, 'C4N4RY /\r\n\r\n');
    expect(exchanged.text).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
});
