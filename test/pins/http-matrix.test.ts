import { describe, expect, it } from 'vitest';
import type { Call, Outcome } from '../../src/pipeline/index.ts';
import { createMessageHandler } from '../../src/routing/index.ts';
import { TestClock } from '../../src/testing/index.ts';
import { CallerPresence, edgeStatus, type EdgeProblem } from '../../src/transports/index.ts';

/**
 * Every HTTP status this server answers. Clients hide the body of most errors
 * from the agent, so each status but 200 is one that the specification asks
 * for or that happens before there is a message to answer.
 */
const EDGE: Readonly<Record<EdgeProblem, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden_host: 403,
  forbidden_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  body_too_large: 413,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  too_many_bad_requests: 429,
  too_many_headers: 431,
  shutting_down: 503,
  http_version_not_supported: 505,
};

describe('the edge', () => {
  it.each(Object.entries(EDGE))('answers %s with %d', (problem, status) => {
    expect(edgeStatus(problem as EdgeProblem)).toBe(status);
  });
});

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const META = { [VERSION]: '2026-07-28', [CAPABILITIES]: {} };
const OK: Outcome = { kind: 'ok', result: { kind: 'value', value: {} } };

interface Sent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const message = (members: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, ...members });

/** What a client of each era sends for the same thing; `meta` spoils the modern one. */
function request(
  method: string,
  params: object = {},
  meta: object | undefined = META,
): readonly [Sent, Sent] {
  const headers = { protocolVersion: '2026-07-28', method, name: 't' };
  return [
    { body: message({ method, params: { ...params, _meta: meta } }), headers },
    { body: message({ method, params }), headers: { protocolVersion: '2025-11-25' } },
  ];
}

/** The same text in both eras. */
function text(body: string): readonly [Sent, Sent] {
  return [
    { body, headers: { protocolVersion: '2026-07-28', method: 'tools/list' } },
    { body, headers: { protocolVersion: '2025-11-25' } },
  ];
}

function withHeaders(
  [modern, legacy]: readonly [Sent, Sent],
  headers: Record<string, string>,
): readonly [Sent, Sent] {
  const change = ({ body, headers: before }: Sent): Sent => ({ body, headers: { ...before, ...headers } });
  return [change(modern), change(legacy)];
}

async function answer({ body, headers }: Sent, outcome: Outcome): Promise<string> {
  const handler = createMessageHandler({
    clock: new TestClock(),
    identity: { name: 'test', title: 'Test', version: '1' },
    run({ request: { fault } }: Call) {
      return Promise.resolve(fault === undefined ? outcome : { kind: 'protocol_error', ...fault });
    },
  });
  const reply = await handler.handle({
    bytes: Buffer.from(body),
    transport: 'http',
    endpoint: undefined,
    credential: { kind: 'none' },
    headers,
    presence: new CallerPresence(),
  });
  if (reply.body === undefined) return String(reply.httpStatus);
  const { error } = JSON.parse(Buffer.concat([...reply.body]).toString()) as { error?: { code: number } };
  return error === undefined
    ? `${String(reply.httpStatus)} result`
    : `${String(reply.httpStatus)} ${String(error.code)}`;
}

const call = request('tools/call', { name: 't' });
const failed = (code: number): Outcome => ({ kind: 'protocol_error', code, message: 'No.' });
const refusal = (
  code: 'unauthorized' | 'insufficient_scope' | 'endpoint_not_found' | 'rate_limited',
): Outcome => ({
  kind: 'refused',
  refusal: { code },
});

/** What is asked, its answer in 2026-07-28, its answer in 2025-11-25, and the outcome of the pipeline. */
const MATRIX: readonly (readonly [string, readonly [Sent, Sent], string, string, Outcome?])[] = [
  ['a good request', call, '200 result', '200 result'],
  ['a text that is no JSON', text('{'), '400 -32700', '400 -32700'],
  ['a message that is no request', text(message({ method: 1 })), '400 -32600', '400 -32600'],
  ['a batch', text('[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]'), '400 -32600', '400 -32600'],
  ['a posted response', text(message({ result: {} })), '400 -32600', '400 -32600'],
  ['an unknown method', request('x/y'), '404 -32601', '200 -32601'],
  ['a method that 2026-07-28 removed', request('ping'), '404 -32601', '200 result'],
  ['a method that came with 2026-07-28', request('server/discover'), '200 result', '200 -32601'],
  ['a notification with an id', request('notifications/initialized'), '404 -32601', '200 -32601'],
  ['params of the wrong form', request('tools/list', { cursor: 1 }), '200 -32602', '200 -32602'],
  [
    'no capabilities in _meta',
    request('tools/list', {}, { [VERSION]: '2026-07-28' }),
    '400 -32602',
    '200 result',
  ],
  ['no version in _meta', request('tools/list', {}, { [CAPABILITIES]: {} }), '400 -32602', '200 result'],
  ['a header that differs from the body', withHeaders(call, { method: 'x' }), '400 -32020', '200 result'],
  [
    'a version header that nobody knows',
    withHeaders(text(message({ method: 'tools/list' })), { protocolVersion: '1' }),
    '400 -32022',
    '400 -32022',
  ],
  [
    'a version in _meta that nobody knows',
    withHeaders(request('tools/list', {}, { ...META, [VERSION]: '1' }), { protocolVersion: '1' }),
    '400 -32022',
    '400 -32022',
  ],
  ['Mcp-Param headers that differ', call, '400 -32020', '200 -32020', failed(-32_020)],
  ['a capability that the client lacks', call, '400 -32021', '200 -32021', failed(-32_021)],
  ['an unknown method of the upstream', call, '200 -32601', '200 -32601', failed(-32_601)],
  ['invalid params of the upstream', call, '200 -32602', '200 -32602', failed(-32_602)],
  ['no valid token', call, '401 -31016', '401 -31016', refusal('unauthorized')],
  ['a token without the scope', call, '403 -31018', '403 -31018', refusal('insufficient_scope')],
  ['an endpoint that is not there', call, '404 -31025', '404 -31025', refusal('endpoint_not_found')],
  ['a refused tool call', call, '200 result', '200 result', refusal('rate_limited')],
  ['a refused list', request('tools/list'), '200 -31001', '200 -31001', refusal('rate_limited')],
  ['a caller who has gone', call, '202', '202', { kind: 'cancelled' }],
];

describe('a JSON-RPC message', () => {
  const rows = MATRIX.map(([name, sent, ...expected]) => ({ name, sent, expected }));
  it.each(rows)('$name', async ({ sent: [modern, legacy], expected: [inModern, inLegacy, outcome = OK] }) => {
    expect([await answer(modern, outcome), await answer(legacy, outcome)]).toEqual([inModern, inLegacy]);
  });
});
