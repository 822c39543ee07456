import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../platform/json.ts';
import type { ClassifiableMessage } from './classification.ts';
import { classifyStdio, type StdioState } from './classify-stdio.ts';
import type { InboundSingle } from './jsonrpc/message.ts';
import { META_KEYS } from './request-meta.ts';

const NONE: StdioState = { legacyRevision: undefined };
const NEWEST: StdioState = { legacyRevision: '2025-11-25' };
const OLDEST: StdioState = { legacyRevision: '2025-03-26' };
const meta = (version: unknown, rest: JsonObject = { [META_KEYS.clientCapabilities]: {} }): JsonObject => ({
  _meta: { [META_KEYS.protocolVersion]: version as string, ...rest },
});
const request = (method: string, params: JsonObject = {}): InboundSingle => ({
  kind: 'request',
  id: 1,
  method,
  params,
});
const notification = (method: string, params: JsonObject = {}): InboundSingle => ({
  kind: 'notification',
  method,
  params,
});
const batch = (...entries: InboundSingle[]): ClassifiableMessage => ({ kind: 'batch', entries });

function answer(message: ClassifiableMessage, state: StdioState): string {
  const result = classifyStdio(message, state);
  return result.ok ? `${result.era} ${result.revision}` : `${result.code}`;
}

describe('classifyStdio: each row of the table', () => {
  const list = request('tools/list');
  it.each<[string, unknown, StdioState, string]>([
    ['claim a number', request('tools/list', meta(1)), NONE, '-32602'],
    ['unknown claim', request('tools/list', meta('2027-01-01')), NONE, '-32022'],
    ['legacy claim', request('tools/list', meta('2025-11-25')), NEWEST, '-32022'],
    ['no capabilities', request('tools/list', meta('2026-07-28', {})), NONE, '-32602'],
    ['modern', request('tools/list', meta('2026-07-28')), NONE, 'modern 2026-07-28'],
    ['modern after a handshake', request('tools/list', meta('2026-07-28')), NEWEST, 'modern 2026-07-28'],
    ['initialize', request('initialize', { protocolVersion: '2025-06-18' }), NONE, 'legacy 2025-06-18'],
    [
      'initialize again',
      request('initialize', { protocolVersion: '2025-03-26' }),
      NEWEST,
      'legacy 2025-03-26',
    ],
    [
      'initialize, unknown version',
      request('initialize', { protocolVersion: '1999-01-01' }),
      NONE,
      'legacy 2025-11-25',
    ],
    ['initialize with a claim', request('initialize', meta('2026-07-28')), NONE, 'modern 2026-07-28'],
    ['ping before the handshake', request('ping'), NONE, 'legacy 2025-11-25'],
    ['bare request before the handshake', list, NONE, '-32602'],
    ['bare discover before the handshake', request('server/discover'), NONE, '-32602'],
    ['request after the handshake', list, OLDEST, 'legacy 2025-03-26'],
    ['notification with a claim', notification('n', meta('2026-07-28')), NEWEST, 'modern 2026-07-28'],
    ['notification with an unknown claim', notification('n', meta('x')), NONE, '-32022'],
    ['notification with a broken claim', notification('n', meta(1)), NONE, '-32602'],
    ['notification without handshake', notification('notifications/cancelled'), NONE, 'modern 2026-07-28'],
    [
      'notification after the handshake',
      notification('notifications/initialized'),
      NEWEST,
      'legacy 2025-11-25',
    ],
    ['response without handshake', { kind: 'response' }, NONE, '-32600'],
    ['response after the handshake', { kind: 'response' }, NEWEST, 'legacy 2025-11-25'],
    ['batch without handshake', batch(list), NONE, '-32600'],
    ['batch with 2025-11-25', batch(list), NEWEST, '-32600'],
    ['batch with 2025-03-26', batch(list), OLDEST, 'legacy 2025-03-26'],
    ['batch with initialize', batch(request('initialize')), OLDEST, '-32600'],
    ['batch with a claim', batch(request('tools/list', meta('2026-07-28'))), OLDEST, '-32600'],
  ])('%s', (_name, message, state, expected) => {
    expect(answer(message as ClassifiableMessage, state)).toBe(expected);
  });

  it('names the modern revisions to a client that asks for another one', () => {
    expect(classifyStdio(request('x', meta('2027-01-01')) as ClassifiableMessage, NONE)).toMatchObject({
      data: { supported: ['2026-07-28'], requested: '2027-01-01' },
    });
  });
});
