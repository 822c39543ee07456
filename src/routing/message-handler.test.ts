import { describe, expect, it } from 'vitest';
import type { Call, Outcome } from '../pipeline/index.ts';
import { CallerPresence, type MessageHandler, type Reply } from '../transports/message-handler.ts';
import { ERROR_URI_CHARS_MAX } from '../platform/limits.ts';
import { TestClock } from '../testing/index.ts';
import { createMessageHandler } from './message-handler.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const EMPTY: Outcome = { kind: 'ok', result: { kind: 'value', value: {} } };

/** A JSON-RPC layer whose pipeline answers `outcome`, and a fault as the router does. */
function layer(outcome: Outcome): { handler: MessageHandler; calls: Call[] } {
  const calls: Call[] = [];
  const handler = createMessageHandler({
    clock: new TestClock(),
    identity: { name: 'test', title: 'Test', version: '1' },
    run(call) {
      calls.push(call);
      const { fault } = call.request;
      return Promise.resolve(fault === undefined ? outcome : { kind: 'protocol_error', ...fault });
    },
  });
  return { handler, calls };
}

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: object;
}

function send(handler: MessageHandler, message: Message, era: 'modern' | 'legacy'): Promise<Reply> {
  const { method } = message;
  const name = 'x://a';
  const isModern = era === 'modern';
  const params = isModern ? { ...message.params, _meta: META } : message.params;
  return handler.handle({
    bytes: Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message, params })),
    transport: 'http',
    endpoint: undefined,
    credential: { kind: 'none' },
    headers: isModern ? { protocolVersion: '2026-07-28', method, name } : { protocolVersion: '2025-11-25' },
    presence: new CallerPresence(),
  });
}

function errorOf(reply: Reply): { status: number; id?: unknown; code?: number } {
  const text = reply.body === undefined ? '{}' : Buffer.concat([...reply.body]).toString();
  const { id, error } = JSON.parse(text) as { id?: unknown; error?: { code: number } };
  return {
    status: reply.httpStatus,
    ...(id === undefined ? {} : { id }),
    ...(error === undefined ? {} : { code: error.code }),
  };
}

describe('a message without an id', () => {
  it.each(['tools/call', 'tools/list', 'resources/read', 'server/discover'])(
    'that asks for %s is refused, and nothing is done for it',
    async (method) => {
      const { handler, calls } = layer(EMPTY);
      const reply = await send(handler, { method, params: { name: 'x://a', uri: 'x://a' } }, 'modern');
      expect(errorOf(reply)).toEqual({ status: 400, code: -32_600 });
      expect(calls.map(({ callClass }) => callClass)).toEqual(['control']);
    },
  );

  it.each(['notifications/initialized', 'constructor', '__proto__'])(
    'called %s is accepted',
    async (method) => {
      const { handler, calls } = layer(EMPTY);
      expect(errorOf(await send(handler, { method }, 'modern'))).toEqual({ status: 202 });
      expect(calls.map(({ callClass }) => callClass)).toEqual(['control']);
    },
  );

  it.each([
    ['unauthorized', 401, -31_016],
    ['rate_limited', 503, -31_001],
  ] as const)(
    'that is refused as %s has an HTTP error status and no id of our own',
    async (code, status, rpc) => {
      const { handler } = layer({ kind: 'refused', refusal: { code } });
      const reply = await send(handler, { method: 'notifications/initialized' }, 'modern');
      expect(errorOf(reply)).toEqual({ status, code: rpc });
    },
  );

  it('leaves no trace in the answer to its batch', async () => {
    const { handler } = layer({ kind: 'refused', refusal: { code: 'rate_limited' } });
    const batch = [{ jsonrpc: '2.0', method: 'notifications/initialized' }];
    const reply = await handler.handle({
      bytes: Buffer.from(JSON.stringify(batch)),
      transport: 'http',
      endpoint: undefined,
      credential: { kind: 'none' },
      headers: {},
      presence: new CallerPresence(),
    });
    expect(errorOf(reply)).toEqual({ status: 202 });
  });
});

describe('a notification with an id', () => {
  it.each([
    ['modern', 404],
    ['legacy', 200],
  ] as const)('is an unknown method, %s', async (era, status) => {
    const { handler } = layer(EMPTY);
    const reply = await send(handler, { id: 7, method: 'notifications/initialized' }, era);
    expect(errorOf(reply)).toEqual({ status, id: 7, code: -32_601 });
  });
});

describe('"method not found" of an upstream', () => {
  it('is answered in the band, where clients read it', async () => {
    const { handler } = layer({ kind: 'protocol_error', code: -32_601, message: 'No.' });
    const params = { name: 'x://a' };
    const reply = await send(handler, { id: 1, method: 'tools/call', params }, 'modern');
    expect(errorOf(reply)).toEqual({ status: 200, id: 1, code: -32_601 });
  });
});

describe('a resource that is not there', () => {
  const outcomes: readonly (readonly [string, Outcome])[] = [
    ['refused by us', { kind: 'refused', refusal: { code: 'resource_not_found' } }],
    [
      'said by an upstream',
      { kind: 'protocol_error', code: -32_602, message: 'Resource not found', data: { uri: 'x://a' } },
    ],
  ];

  it.each(outcomes)('has the code of the revision, %s', async (_name, outcome) => {
    const { handler } = layer(outcome);
    const asked = { id: 1, method: 'resources/read', params: { uri: 'x://a' } };
    expect(errorOf(await send(handler, asked, 'modern')).code).toBe(-32_602);
    expect(errorOf(await send(handler, asked, 'legacy')).code).toBe(-32_002);
  });

  it('names its URI when the refusal is ours, unless that is too long to send back', async () => {
    const { handler } = layer({ kind: 'refused', refusal: { code: 'resource_not_found' } });
    const uriOf = async (uri: string): Promise<unknown> => {
      const { body = [] } = await send(
        handler,
        { id: 1, method: 'resources/read', params: { uri } },
        'legacy',
      );
      const { error } = JSON.parse(Buffer.concat([...body]).toString()) as {
        error: { data: { uri?: string } };
      };
      return error.data.uri;
    };
    expect(await uriOf('x://a')).toBe('x://a');
    expect(await uriOf(`x://${'a'.repeat(ERROR_URI_CHARS_MAX)}`)).toBeUndefined();
  });

  it('is not what every invalid parameter means', async () => {
    const { handler } = layer({ kind: 'protocol_error', code: -32_602, message: 'No.' });
    const asked = { id: 1, method: 'resources/read', params: { uri: 'x://a' } };
    expect(errorOf(await send(handler, asked, 'legacy')).code).toBe(-32_602);
  });
});
