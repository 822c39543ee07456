import { describe, expect, it } from 'vitest';
import { codecFor } from './index.ts';

const modern = codecFor('modern');
const legacy = codecFor('legacy');

describe('methods', () => {
  it.each([
    ['tools/list', 'list', 'list'],
    ['resources/list', 'list', 'list'],
    ['resources/templates/list', 'list', 'list'],
    ['prompts/list', 'list', 'list'],
    ['tools/call', 'invoke', 'invoke'],
    ['resources/read', 'invoke', 'invoke'],
    ['prompts/get', 'invoke', 'invoke'],
    ['completion/complete', 'invoke', 'invoke'],
    ['server/discover', 'control', undefined],
    ['initialize', undefined, 'control'],
    ['ping', undefined, 'control'],
    ['logging/setLevel', undefined, undefined],
    ['resources/subscribe', undefined, undefined],
    ['resources/unsubscribe', undefined, undefined],
    ['subscriptions/listen', undefined, undefined],
    ['tasks/get', undefined, undefined],
    ['tasks/list', undefined, undefined],
    ['sampling/createMessage', undefined, undefined],
    ['notifications/initialized', undefined, undefined],
    ['Tools/Call', undefined, undefined],
    ['tools/call ', undefined, undefined],
    ['constructor', undefined, undefined],
    ['__proto__', undefined, undefined],
    ['toString', undefined, undefined],
    ['', undefined, undefined],
  ])('%s: modern %s, legacy %s', (method, inModern, inLegacy) => {
    expect(modern.methodClass(method)).toBe(inModern);
    expect(legacy.methodClass(method)).toBe(inLegacy);
  });

  it('answers a missing resource as each era asks', () => {
    expect([modern.resourceNotFoundCode, legacy.resourceNotFoundCode]).toEqual([-32602, -32002]);
  });
});

describe('result rules', () => {
  it.each([
    'server/discover',
    'tools/list',
    'resources/list',
    'resources/templates/list',
    'prompts/list',
    'resources/read',
  ])('the modern result of %s needs cache hints', (method) => {
    expect(modern.resultRules(method)).toEqual({
      needsResultType: true,
      isCacheable: true,
      namesServer: true,
    });
  });

  it.each(['tools/call', 'prompts/get', 'completion/complete'])(
    'the modern result of %s needs none',
    (method) => {
      expect(modern.resultRules(method)).toEqual({
        needsResultType: true,
        isCacheable: false,
        namesServer: true,
      });
    },
  );

  it('nothing is added to a legacy result', () => {
    for (const method of ['initialize', 'tools/list', 'tools/call', 'resources/read']) {
      expect(legacy.resultRules(method)).toEqual({
        needsResultType: false,
        isCacheable: false,
        namesServer: false,
      });
    }
  });
});

const uri = (length: number): string => 'u'.repeat(length);

describe('params', () => {
  it.each([
    ['tools/call', { name: 'a' }, 'a'],
    ['tools/call', { name: 'n'.repeat(256), arguments: {}, extra: 1, _meta: {} }, 'n'.repeat(256)],
    ['prompts/get', { name: 'p', arguments: { a: 'b' } }, 'p'],
    ['resources/read', { uri: uri(8_192) }, uri(8_192)],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } },
      'p',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'x://{a}' }, argument: { name: 'a', value: 'v' }, context: {} },
      'x://{a}',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: 'v'.repeat(8_192) } },
      'p',
    ],
    ['tools/list', {}, undefined],
    ['prompts/list', { cursor: '' }, undefined],
    ['resources/list', { cursor: 'c'.repeat(4_096) }, undefined],
  ])('%s with %j is about %s in both eras', (method, params, subject) => {
    for (const codec of [modern, legacy])
      expect(codec.subjectOf(method, params)).toEqual({ ok: true, subject });
  });

  it.each([
    ['tools/call', {}],
    ['tools/call', { name: '' }],
    ['tools/call', { name: 1 }],
    ['tools/call', { name: ['a'] }],
    ['tools/call', { name: 'n'.repeat(257) }],
    ['tools/call', { name: 'a', arguments: [] }],
    ['tools/call', { name: 'a', arguments: null }],
    ['tools/call', { name: 'a', arguments: 'x' }],
    ['tools/call', { name: 'a', _meta: [] }],
    ['prompts/get', { name: null }],
    ['resources/read', {}],
    ['resources/read', { uri: '' }],
    ['resources/read', { uri: uri(8_193) }],
    ['resources/read', { uri: {} }],
    ['tools/list', { cursor: 1 }],
    ['tools/list', { cursor: null }],
    ['resources/templates/list', { cursor: 'c'.repeat(4_097) }],
    ['prompts/list', { _meta: null }],
    ['completion/complete', {}],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' } }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a' } }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: 1 } }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: 'v'.repeat(8_193) } },
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'n'.repeat(257), value: '' } },
    ],
    ['completion/complete', { ref: { type: 'ref/prompt' }, argument: { name: 'a', value: '' } }],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'p' }, argument: { name: 'a', value: '' } }],
    ['completion/complete', { ref: 'p', argument: { name: 'a', value: '' } }],
    ['completion/complete', { ref: { type: 'ref/resource' }, argument: { name: 'a', value: '' } }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' }, context: [] },
    ],
  ])('%s with %j is -32602 in both eras', (method, params) => {
    for (const codec of [modern, legacy])
      expect(codec.subjectOf(method, params)).toMatchObject({ ok: false, code: -32602 });
  });

  it('checks the answers to input_required in the modern era only', () => {
    const call = { name: 'a' };
    expect(modern.subjectOf('tools/call', { ...call, inputResponses: {}, requestState: 's' })).toMatchObject({
      ok: true,
    });
    expect(modern.subjectOf('tools/call', { ...call, inputResponses: [] })).toMatchObject({ ok: false });
    expect(modern.subjectOf('tools/call', { ...call, requestState: 1 })).toMatchObject({ ok: false });
    expect(legacy.subjectOf('tools/call', { ...call, inputResponses: [], requestState: 1 })).toMatchObject({
      ok: true,
    });
  });

  it('asks initialize for a version, and takes the rest as far as it has the right type', () => {
    expect(legacy.subjectOf('initialize', { protocolVersion: '2025-06-18' })).toEqual({
      ok: true,
      subject: undefined,
    });
    expect(
      legacy.subjectOf('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: {} }),
    ).toMatchObject({ ok: true });
    expect(legacy.subjectOf('initialize', {})).toMatchObject({ ok: false, code: -32602 });
    expect(legacy.subjectOf('initialize', { protocolVersion: 1 })).toMatchObject({ ok: false });
    expect(legacy.subjectOf('initialize', { protocolVersion: 'x', capabilities: [] })).toMatchObject({
      ok: false,
    });
    expect(legacy.subjectOf('initialize', { protocolVersion: 'x', clientInfo: 'me' })).toMatchObject({
      ok: false,
    });
  });

  it('never repeats what was sent', () => {
    const result = modern.subjectOf('completion/complete', {
      ref: { type: 'c4n4ry' },
      argument: { name: 'a', value: '' },
    });
    expect(result.ok ? '' : result.message).not.toContain('c4n4ry');
  });
});
