import { describe, expect, it } from 'vitest';
import { checkConfiguredHeaders } from './configured-headers.ts';
import { retryAfterMs } from './response-headers.ts';

describe('checkConfiguredHeaders', () => {
  it('takes credentials, with names in lower case', () => {
    expect(checkConfiguredHeaders({ Authorization: 'Bearer x y', 'X-API-Key': 'ü' })).toEqual({
      ok: true,
      headers: ['authorization', 'Bearer x y', 'x-api-key', 'ü'],
    });
  });

  it.each([
    'Host',
    'connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Proxy-Authorization',
    'Cookie',
    'Content-Type',
    'Content-Length',
    'Mcp-Session-Id',
    'MCP-Protocol-Version',
    'Mcp-Param-X',
    'Accept',
    'Accept-Encoding',
    'Expect',
    'X-Forwarded-For',
    'Last-Event-ID',
  ])('refuses %s, which is not for configuration', (name) => {
    expect(checkConfiguredHeaders({ [name]: 'x' }).ok).toBe(false);
  });

  it.each(['a\r\nb', 'a\nb', 'a\u0000b', 'a\u0001', '\u0100', '€', ' x', 'x ', 'x'.repeat(8_193)])(
    'refuses a value that would break or fail when it is sent',
    (value) => {
      const checked = checkConfiguredHeaders({ 'X-Key': value });
      expect(checked.ok).toBe(false);
      // A problem is shown to people, a credential is not.
      expect(JSON.stringify(checked)).not.toContain(JSON.stringify(value).slice(1, -1));
    },
  );

  it('refuses names that are no names, twins and crowds', () => {
    expect(checkConfiguredHeaders({ 'a b': 'x' }).ok).toBe(false);
    expect(checkConfiguredHeaders({ '': 'x' }).ok).toBe(false);
    expect(checkConfiguredHeaders({ 'X-A': '1', 'x-a': '2' }).ok).toBe(false);
    const many = Object.fromEntries(Array.from({ length: 33 }, (_unused, i) => [`x-${i}`, '']));
    expect(checkConfiguredHeaders(many).ok).toBe(false);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['5', 5_000],
    ['0', 1_000],
    ['9999999999', 300_000],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
    ['Thu, 01 Jan 2015 00:00:07 GMT', 1_000],
    ['soon', undefined],
    ['-5', undefined],
  ])('reads %j as %s ms', (text, ms) => {
    expect(retryAfterMs({ 'retry-after': text }, now)).toBe(ms);
  });
});
