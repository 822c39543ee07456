import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../platform/json.ts';
import { classifyHttp, type MirroredHeaders } from './classify.ts';
import type { ClassifiableMessage } from './classification.ts';
import type { InboundSingle } from './jsonrpc/message.ts';
import { parseInbound } from './jsonrpc/parse.ts';
import { META_KEYS } from './request-meta.ts';

const MODERN = '2026-07-28';
const meta = (version: unknown, rest: JsonObject = { [META_KEYS.clientCapabilities]: {} }): JsonObject => ({
  _meta: { [META_KEYS.protocolVersion]: version as string, ...rest },
});
const request = (method: string, params: JsonObject = {}): ClassifiableMessage => ({
  kind: 'request',
  id: 1,
  method,
  params,
});
const notification = (method: string, params: JsonObject = {}): ClassifiableMessage => ({
  kind: 'notification',
  method,
  params,
});
const batch = (...entries: InboundSingle[]): ClassifiableMessage => ({ kind: 'batch', entries });
const list = request('tools/list');
const single = list as InboundSingle;
const modernList = request('tools/list', meta(MODERN));
const call = (name: string): ClassifiableMessage => request('tools/call', { name, ...meta(MODERN) });
const ALL = ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'];

/** A readable form of an answer: era and revision, or the code. */
function answer(message: ClassifiableMessage, headers: MirroredHeaders): string {
  const result = classifyHttp(message, headers);
  return result.ok ? `${result.era} ${result.revision}` : `${result.httpStatus} ${result.code}`;
}
const modernHeaders = (method: string, name?: string): MirroredHeaders => ({
  protocolVersion: MODERN,
  method,
  ...(name === undefined ? {} : { name }),
});

describe('classifyHttp: requests, each row of the table', () => {
  it.each<[string, ClassifiableMessage, MirroredHeaders, string]>([
    ['claim a number', request('tools/list', meta(7)), modernHeaders('tools/list'), '400 -32602'],
    ['claim null, no header', request('tools/list', meta(null)), {}, '400 -32602'],
    [
      'claim and header differ',
      modernList,
      { ...modernHeaders('tools/list'), protocolVersion: '2025-11-25' },
      '400 -32020',
    ],
    [
      'legacy claim, modern header',
      request('tools/list', meta('2025-11-25')),
      modernHeaders('tools/list'),
      '400 -32020',
    ],
    [
      'unknown claim, equal header',
      request('tools/list', meta('2027-01-01')),
      { protocolVersion: '2027-01-01' },
      '400 -32022',
    ],
    [
      'legacy claim, equal header',
      request('tools/list', meta('2025-11-25')),
      { protocolVersion: '2025-11-25' },
      '400 -32022',
    ],
    ['unknown claim, no header', request('tools/list', meta('2027-01-01')), {}, '400 -32022'],
    [
      'claim with NUL',
      request('tools/list', meta('2026-07-28\u0000')),
      modernHeaders('tools/list'),
      '400 -32020',
    ],
    ['empty claim', request('tools/list', meta('')), { protocolVersion: '' }, '400 -32022'],
    ['claim, no version header', modernList, { method: 'tools/list' }, '400 -32020'],
    ['no capabilities', request('tools/list', meta(MODERN, {})), modernHeaders('tools/list'), '400 -32602'],
    [
      'capabilities an array',
      request('tools/list', meta(MODERN, { [META_KEYS.clientCapabilities]: [] })),
      modernHeaders('tools/list'),
      '400 -32602',
    ],
    ['no Mcp-Method', modernList, { protocolVersion: MODERN }, '400 -32020'],
    ['other Mcp-Method', modernList, modernHeaders('tools/call'), '400 -32020'],
    ['Mcp-Method in other case', modernList, modernHeaders('TOOLS/LIST'), '400 -32020'],
    ['served', modernList, modernHeaders('tools/list'), 'modern 2026-07-28'],
    [
      'served, blanks around',
      modernList,
      { protocolVersion: ` ${MODERN}\t`, method: ' tools/list ' },
      'modern 2026-07-28',
    ],
    [
      'unknown method is not judged here',
      request('foo', meta(MODERN)),
      modernHeaders('foo'),
      'modern 2026-07-28',
    ],
    [
      'initialize with a claim',
      request('initialize', meta(MODERN)),
      modernHeaders('initialize'),
      'modern 2026-07-28',
    ],
    [
      'initialize, modern header',
      request('initialize', { protocolVersion: '2025-11-25' }),
      { protocolVersion: MODERN },
      '400 -32020',
    ],
    ['initialize', request('initialize', { protocolVersion: '2025-06-18' }), {}, 'legacy 2025-06-18'],
    [
      'initialize, body beats header',
      request('initialize', { protocolVersion: '2025-03-26' }),
      { protocolVersion: '2025-11-25' },
      'legacy 2025-03-26',
    ],
    [
      'initialize, unknown version and header',
      request('initialize', { protocolVersion: '2024-11-05' }),
      { protocolVersion: '2024-11-05' },
      'legacy 2025-11-25',
    ],
    ['initialize without version', request('initialize'), {}, 'legacy 2025-11-25'],
    ['modern header, no _meta', list, modernHeaders('tools/list'), '400 -32602'],
    [
      'modern header, _meta without claim',
      request('tools/list', { _meta: { [META_KEYS.clientCapabilities]: {} } }),
      modernHeaders('tools/list'),
      '400 -32602',
    ],
    [
      'modern header, _meta not an object',
      request('tools/list', { _meta: [] }),
      modernHeaders('tools/list'),
      '400 -32602',
    ],
    ['no header', list, {}, 'legacy 2025-03-26'],
    ['header 2025-03-26', list, { protocolVersion: '2025-03-26' }, 'legacy 2025-03-26'],
    ['header 2025-06-18', list, { protocolVersion: '2025-06-18' }, 'legacy 2025-06-18'],
    ['header 2025-11-25', list, { protocolVersion: '2025-11-25' }, 'legacy 2025-11-25'],
    [
      'legacy, mirrored headers not judged',
      request('tools/call', { name: 'a' }),
      { method: 'x', name: 'y' },
      'legacy 2025-03-26',
    ],
    ['header 2024-11-05', list, { protocolVersion: '2024-11-05' }, '400 -32022'],
    ['header of a later revision', list, { protocolVersion: '2027-01-01' }, '400 -32022'],
    ['empty header', list, { protocolVersion: '' }, '400 -32022'],
  ])('%s', (_name, message, headers, expected) => {
    expect(answer(message, headers)).toBe(expected);
  });

  it('names what is served: the modern revisions to a modern client, all to a legacy one', () => {
    expect(
      classifyHttp(request('tools/list', meta('2027-01-01')), { protocolVersion: '2027-01-01' }),
    ).toMatchObject({
      data: { supported: [MODERN], requested: '2027-01-01' },
    });
    expect(classifyHttp(list, { protocolVersion: '2024-11-05' })).toMatchObject({
      data: { supported: ALL, requested: '2024-11-05' },
    });
  });

  it('repeats no requested version that cannot be one', () => {
    for (const version of ['x'.repeat(65), 'a\r\nb', 'é']) {
      expect(classifyHttp(request('tools/list', meta(version)), {})).toMatchObject({
        data: { requested: '' },
      });
    }
  });

  it('gives the checked _meta of the request', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const rest = { [META_KEYS.clientCapabilities]: { sampling: {} }, progressToken: 'p', traceparent };
    expect(
      classifyHttp(request('tools/list', meta(MODERN, rest)), modernHeaders('tools/list')),
    ).toMatchObject({
      meta: { clientCapabilities: { sampling: {} }, progressToken: 'p', traceparent },
    });
    expect(classifyHttp(request('tools/list', { _meta: { progressToken: 3 } }), {})).toMatchObject({
      meta: { clientCapabilities: {}, progressToken: 3 },
    });
  });
});

describe('classifyHttp: Mcp-Name', () => {
  it.each<[string, ClassifiableMessage, MirroredHeaders, string]>([
    ['equal', call('echo'), modernHeaders('tools/call', 'echo'), 'modern 2026-07-28'],
    [
      'equal after decoding',
      call('世界'),
      modernHeaders('tools/call', '=?base64?5LiW55WM?='),
      'modern 2026-07-28',
    ],
    ['missing', call('echo'), modernHeaders('tools/call'), '400 -32020'],
    ['different', call('danger_tool'), modernHeaders('tools/call', 'safe_tool'), '400 -32020'],
    ['other case', call('echo'), modernHeaders('tools/call', 'Echo'), '400 -32020'],
    ['bad Base64', call('echo'), modernHeaders('tools/call', '=?base64?!!!?='), '400 -32020'],
    [
      'Base64 of bytes that are not UTF-8',
      call('echo'),
      modernHeaders('tools/call', '=?base64?/w==?='),
      '400 -32020',
    ],
    ['not encoded though it had to be', call('é'), modernHeaders('tools/call', 'é'), '400 -32020'],
    [
      'looks encoded without suffix',
      call('=?base64?x'),
      modernHeaders('tools/call', '=?base64?x'),
      'modern 2026-07-28',
    ],
    [
      'the encoded text as a literal name',
      call('=?base64?5LiW55WM?='),
      modernHeaders('tools/call', '=?base64?5LiW55WM?='),
      '400 -32020',
    ],
    [
      'prompts/get',
      request('prompts/get', { name: 'p', ...meta(MODERN) }),
      modernHeaders('prompts/get', 'q'),
      '400 -32020',
    ],
    [
      'resources/read mirrors uri',
      request('resources/read', { uri: 'a://b', ...meta(MODERN) }),
      modernHeaders('resources/read', 'a://b'),
      'modern 2026-07-28',
    ],
    [
      'resources/read, other uri',
      request('resources/read', { uri: 'a://b', name: 'x', ...meta(MODERN) }),
      modernHeaders('resources/read', 'x'),
      '400 -32020',
    ],
    [
      'not needed for lists',
      modernList,
      { ...modernHeaders('tools/list'), name: 'whatever' },
      'modern 2026-07-28',
    ],
    [
      'a name that is no string is left to the check of params',
      request('tools/call', { name: 1, ...meta(MODERN) }),
      modernHeaders('tools/call', '1'),
      'modern 2026-07-28',
    ],
  ])('%s', (_name, message, headers, expected) => {
    expect(answer(message, headers)).toBe(expected);
  });
});

describe('classifyHttp: notifications, responses and batches, each row of the table', () => {
  const cancelled = notification('notifications/cancelled');
  const modernCancelled = notification('notifications/cancelled', meta(MODERN, {}));
  it.each<[string, ClassifiableMessage, MirroredHeaders, string]>([
    ['notification', cancelled, {}, 'legacy 2025-03-26'],
    ['notification, legacy header', cancelled, { protocolVersion: '2025-11-25' }, 'legacy 2025-11-25'],
    ['notification, unknown header', cancelled, { protocolVersion: 'x' }, '400 -32022'],
    ['notification, modern header', cancelled, { protocolVersion: MODERN }, 'modern 2026-07-28'],
    [
      'notification, modern header and other Mcp-Method',
      cancelled,
      { protocolVersion: MODERN, method: 'x' },
      '400 -32020',
    ],
    ['notification, claim equal', modernCancelled, { protocolVersion: MODERN }, 'modern 2026-07-28'],
    ['notification, claim without header', modernCancelled, {}, '400 -32020'],
    [
      'notification, claim and other header',
      modernCancelled,
      { protocolVersion: '2025-11-25' },
      '400 -32020',
    ],
    [
      'notification, unknown claim',
      notification('n', meta('2027-01-01')),
      { protocolVersion: '2027-01-01' },
      '400 -32022',
    ],
    ['notification, claim a number', notification('n', meta(1)), {}, '400 -32602'],
    ['response', { kind: 'response' }, {}, 'legacy 2025-03-26'],
    ['response, legacy header', { kind: 'response' }, { protocolVersion: '2025-06-18' }, 'legacy 2025-06-18'],
    ['response, modern header', { kind: 'response' }, { protocolVersion: MODERN }, '400 -32600'],
    ['response, unknown header', { kind: 'response' }, { protocolVersion: 'x' }, '400 -32022'],
    ['batch', batch(single), {}, 'legacy 2025-03-26'],
    ['batch, header 2025-03-26', batch(single), { protocolVersion: '2025-03-26' }, 'legacy 2025-03-26'],
    ['batch, header 2025-06-18', batch(single), { protocolVersion: '2025-06-18' }, '400 -32600'],
    ['batch, header 2025-11-25', batch(single), { protocolVersion: '2025-11-25' }, '400 -32600'],
    ['batch, modern header', batch(single), { protocolVersion: MODERN }, '400 -32600'],
    ['batch, unknown header', batch(single), { protocolVersion: 'x' }, '400 -32600'],
    ['batch with a claim', batch(single, modernList as InboundSingle), {}, '400 -32600'],
    ['batch with a broken claim', batch(request('tools/list', meta(1)) as InboundSingle), {}, '400 -32600'],
    ['batch with initialize', batch(single, request('initialize') as InboundSingle), {}, '400 -32600'],
    [
      'batch with an invalid entry',
      batch({ kind: 'invalid', code: -32600, message: 'm' }, { kind: 'response' }),
      {},
      'legacy 2025-03-26',
    ],
  ])('%s', (_name, message, headers, expected) => {
    expect(answer(message, headers)).toBe(expected);
  });
});

describe('classifyHttp: the JSON-RPC examples, by revision', () => {
  interface Vector {
    name: string;
    in: string;
  }
  const vectors = JSON.parse(
    readFileSync(new URL('../../test/vectors/jsonrpc.json', import.meta.url), 'utf8'),
  ) as Vector[];
  const batches = vectors
    .filter((vector) => parseInbound(Buffer.from(vector.in)).kind === 'batch')
    .map((vector) => vector.name);

  it('has the batches of the specification', () => {
    expect(batches).toEqual([
      'invalid batch, one',
      'invalid batch, three',
      'mixed batch',
      'batch all notifications',
    ]);
  });

  it.each(vectors)('$name', (vector) => {
    const inbound = parseInbound(Buffer.from(vector.in));
    if (inbound.kind === 'invalid') return;
    const isBatch = inbound.kind === 'batch';
    expect(answer(inbound, {})).toBe('legacy 2025-03-26');
    expect(answer(inbound, { protocolVersion: '2025-11-25' })).toBe(
      isBatch ? '400 -32600' : 'legacy 2025-11-25',
    );
    const asModern =
      inbound.kind === 'notification' ? 'modern 2026-07-28' : isBatch ? '400 -32600' : '400 -32602';
    expect(answer(inbound, { protocolVersion: MODERN })).toBe(asModern);
  });
});
