import { describe, expect, it } from 'vitest';
import { acceptsJson, isJsonContentType, readRequestHeaders } from './request-headers.ts';

describe('readRequestHeaders', () => {
  it.each([
    'Host',
    'Authorization',
    'Content-Type',
    'Content-Length',
    'Transfer-Encoding',
    'Origin',
    'MCP-Protocol-Version',
    'Mcp-Method',
    'Mcp-Name',
  ])('refuses a second %s, of which another reader might take the other', (name) => {
    expect(readRequestHeaders([name, 'a', name.toLowerCase(), 'b'])).toBeUndefined();
  });

  it.each([
    ['Bearer abc', { kind: 'bearer', token: 'abc' }],
    ['bearer  abc ', { kind: 'bearer', token: 'abc' }],
    ['Basic abc', { kind: 'none' }],
    ['Bearer', { kind: 'none' }],
    ['Bearer a b', { kind: 'none' }],
    [`Bearer ${'a'.repeat(9000)}`, { kind: 'none' }],
  ])('reads the credential of %j', (value, credential) => {
    expect(readRequestHeaders(['Authorization', value])?.credential).toEqual(credential);
  });

  it('keeps parameter headers apart from everything an object has by nature', () => {
    const params = readRequestHeaders(['Mcp-Param-Constructor', 'x'])?.mirrored.params;
    expect(params?.['mcp-param-constructor']).toBe('x');
    expect(params?.['mcp-param-tostring']).toBeUndefined();
  });

  it('refuses a parameter header that comes twice, and more than 64 of them', () => {
    expect(readRequestHeaders(['Mcp-Param-A', '1', 'mcp-param-a', '2'])).toBeUndefined();
    const many = Array.from({ length: 65 }, (_, index) => [`Mcp-Param-P${String(index)}`, '1']).flat();
    expect(readRequestHeaders(many)).toBeUndefined();
    expect(readRequestHeaders(many.slice(2))).toBeDefined();
  });
});

describe('isJsonContentType', () => {
  it.each([
    ['application/json', true],
    ['Application/JSON; charset=UTF-8', true],
    ['application/json;charset="utf-8"', true],
    ['application/json; charset=utf-16', false],
    ['application/jsonp', false],
    ['text/plain', false],
    ['text/json', false],
    [undefined, false],
  ])('takes %j: %j', (value, expected) => {
    expect(isJsonContentType(value)).toBe(expected);
  });
});

describe('acceptsJson', () => {
  it.each([
    [undefined, true],
    ['*/*', true],
    ['application/json, text/event-stream', true],
    ['application/*', true],
    ['text/event-stream', false],
    ['text/html', false],
    ['application/json;q=0', false],
    ['application/json;q=0.5', true],
  ])('takes %j: %j', (value, expected) => {
    expect(acceptsJson(value)).toBe(expected);
  });
});
