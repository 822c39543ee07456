import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { codecFor } from '../eras/index.ts';
import {
  chunksLength,
  encodeBatch,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  serverInfoMeta,
  toSingleLine,
  type ResultBody,
  type ResultSplice,
} from './encode.ts';
import { scanResponse } from './scan-response.ts';

const SERVER = { name: 's', version: '1' };
const NAMED = { 'io.modelcontextprotocol/serverInfo': SERVER };
const spliceFor = (era: 'modern' | 'legacy', method: string): ResultSplice => ({
  rules: codecFor(era).resultRules(method),
  serverInfoMeta: serverInfoMeta(SERVER),
});

/** The body as it would come from an upstream. */
function bytesBody(result: string): ResultBody {
  const message = scanResponse(Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${result}}`));
  if (message.kind !== 'result') throw new Error('not a result');
  return { kind: 'bytes', ...message.result };
}
const resultOf = (chunks: Buffer[]): JsonObject => {
  const { jsonrpc, id, result, ...rest } = JSON.parse(Buffer.concat(chunks).toString());
  expect([jsonrpc, id, rest]).toEqual(['2.0', 'i', {}]);
  return result;
};

/** Expectations hold for bytes and for values alike. */
function both(text: string, splice: ResultSplice): JsonObject[] {
  return [
    resultOf(encodeResult('i', bytesBody(text), splice)),
    resultOf(encodeResult('i', { kind: 'value', value: JSON.parse(text) }, splice)),
  ];
}

describe('encodeResult', () => {
  it.each([
    ['{}', { resultType: 'complete', _meta: NAMED }],
    ['{ }', { resultType: 'complete', _meta: NAMED }],
    ['{"content":[]}', { content: [], resultType: 'complete', _meta: NAMED }],
    [
      '{"resultType":"input_required","inputRequests":{}}',
      { resultType: 'input_required', inputRequests: {}, _meta: NAMED },
    ],
    ['{"_meta":{"a":1}}', { resultType: 'complete', _meta: { a: 1 } }],
    ['{"resultType":"complete","_meta":{}}', { resultType: 'complete', _meta: {} }],
  ])('modern: adds to %s only what it lacks', (text, expected) => {
    for (const result of both(text, spliceFor('modern', 'tools/call'))) expect(result).toEqual(expected);
  });

  it.each(['{}', '{"content":[]}', '{"resultType":"complete","ttlMs":1}'])(
    'legacy: adds nothing to %s',
    (text) => {
      for (const method of ['tools/call', 'tools/list', 'resources/read']) {
        for (const result of both(text, spliceFor('legacy', method)))
          expect(result).toEqual(JSON.parse(text));
      }
    },
  );

  it.each([
    ['{"contents":[]}', { contents: [], ttlMs: 0, cacheScope: 'private' }],
    ['{}', { ttlMs: 0, cacheScope: 'private' }],
    ['{"ttlMs":500}', { ttlMs: 500, cacheScope: 'private' }],
    [
      '{"cacheScope":"public","contents":[{"cacheScope":"public"}]}',
      { cacheScope: 'private', contents: [{ cacheScope: 'public' }], ttlMs: 0 },
    ],
    ['{"ttlMs":1, "cacheScope" : "public" }', { ttlMs: 1, cacheScope: 'private' }],
    ['{"cacheScope":{"a":[1]},"ttlMs":1}', { ttlMs: 1, cacheScope: 'private' }],
  ])('modern: a cacheable %s leaves with cache hints, and private whatever was said', (text, expected) => {
    for (const result of both(text, spliceFor('modern', 'resources/read'))) {
      expect(result).toEqual({ ...expected, resultType: 'complete', _meta: NAMED });
    }
  });

  it('gives no cache hints to a result that is not complete', () => {
    const text = '{"resultType":"input_required","requestState":"s","_meta":{}}';
    for (const result of both(text, spliceFor('modern', 'resources/read')))
      expect(result).toEqual(JSON.parse(text));
  });

  it('uses the given ttlMs, and names no server when there is none to name', () => {
    const splice: ResultSplice = {
      rules: codecFor('modern').resultRules('tools/list'),
      serverInfoMeta: undefined,
      ttlMs: 1_000,
    };
    for (const result of both('{"tools":[]}', splice)) {
      expect(result).toEqual({ tools: [], ttlMs: 1_000, cacheScope: 'private', resultType: 'complete' });
    }
  });

  it('passes numbers and escapes on character by character', () => {
    const text = '{"n":12345678901234567890,"f":1.0,"s":"\\u0041\\ud800"}';
    expect(
      Buffer.concat(encodeResult(1, bytesBody(text), spliceFor('legacy', 'tools/call'))).toString(),
    ).toBe(`{"jsonrpc":"2.0","id":1,"result":${text}}`);
  });

  it('does not copy a large result, and sends a small one in one piece', () => {
    const body = bytesBody(`{"text":"${'x'.repeat(100_000)}"}`);
    if (body.kind !== 'bytes') throw new Error('unreachable');
    const chunks = encodeResult(1, body, spliceFor('modern', 'tools/call'));
    expect(chunks.length).toBe(3);
    expect(chunks[1]?.buffer).toBe(body.bytes.buffer);
    expect(chunksLength(chunks)).toBe(Buffer.concat(chunks).length);
    expect(encodeResult(1, bytesBody('{"a":1}'), spliceFor('modern', 'tools/call')).length).toBe(1);
  });

  it('is the same for bytes and values, whatever the result is', () => {
    const json = fc.dictionary(
      fc.constantFrom('a', 'resultType', '_meta', 'ttlMs', 'cacheScope', 'isError', 'content'),
      fc.oneof(fc.constantFrom('complete', 'private', 'public'), fc.jsonValue({ maxDepth: 2 })),
    );
    fc.assert(
      fc.property(
        json,
        fc.constantFrom('tools/call', 'resources/read'),
        fc.constantFrom('modern' as const, 'legacy' as const),
        (value, method, era) => {
          const text = JSON.stringify(value);
          const message = scanResponse(Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${text}}`));
          // A resultType that is no string is refused on the way in.
          fc.pre(message.kind === 'result');
          const [fromBytes, fromValue] = both(text, spliceFor(era, method));
          expect(fromBytes).toEqual(fromValue);
        },
      ),
    );
  });
});

describe('the other encoders', () => {
  it('leave an unknown id out in the modern era and make it null in the legacy one', () => {
    const error = { code: -32700, message: 'm' };
    expect(encodeError(undefined, error, 'modern').toString()).toBe(
      '{"jsonrpc":"2.0","error":{"code":-32700,"message":"m"}}',
    );
    expect(encodeError(undefined, error, 'legacy').toString()).toBe(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}',
    );
    expect(encodeError(0, { ...error, data: null }, 'modern').toString()).toBe(
      '{"jsonrpc":"2.0","id":0,"error":{"code":-32700,"message":"m","data":null}}',
    );
  });

  it('write requests, notifications and batches', () => {
    expect(encodeRequest('a', 'm', { x: 1 }).toString()).toBe(
      '{"jsonrpc":"2.0","id":"a","method":"m","params":{"x":1}}',
    );
    expect(encodeRequest(1, 'm').toString()).toBe('{"jsonrpc":"2.0","id":1,"method":"m"}');
    expect(encodeNotification('m').toString()).toBe('{"jsonrpc":"2.0","method":"m"}');
    expect(encodeNotification('m', {}).toString()).toBe('{"jsonrpc":"2.0","method":"m","params":{}}');
    const messages = [[Buffer.from('{"a"'), Buffer.from(':1}')], [Buffer.from('{}')]];
    expect(Buffer.concat(encodeBatch(messages)).toString()).toBe('[{"a":1},{}]');
    expect(Buffer.concat(encodeBatch([])).toString()).toBe('[]');
  });

  it('puts indented JSON on one line without changing its value, and copies only then', () => {
    const value = { a: ['x\ny', { b: '\r' }] };
    const indented = Buffer.from(JSON.stringify(value, null, 2).replaceAll('\n', '\r\n'));
    const before = indented.toString();
    const line = toSingleLine(indented);
    expect(line.toString()).not.toMatch(/[\r\n]/);
    expect(JSON.parse(line.toString())).toEqual(value);
    expect(indented.toString()).toBe(before);
    expect(toSingleLine(line)).toBe(line);
  });
});
