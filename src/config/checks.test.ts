import { describe, expect, it } from 'vitest';
import { checkCidr, checkHeaderValue, checkHost, checkOrigin, checkUrl } from './checks.ts';

describe('checkUrl', () => {
  it.each(['https://a.b/mcp', 'http://127.0.0.1:8080/mcp?x=1', 'https://[::1]:9/', 'HTTPS://A.B/x'])(
    'accepts %j',
    (url) => {
      expect(checkUrl(url)).toBeUndefined();
    },
  );
  it.each([
    '',
    'a.b',
    '//a.b',
    'https:a.b',
    'https:/a.b',
    'https:\\\\a.b',
    'javascript:alert(1)',
    'https://@a.b/',
    'https://u@a.b/',
    'https://a.b/#',
    'https://a b/',
    'https://a.b/\t',
    'https://a.b:99999/',
    'https://b\u00fccher.de/',
    'https://u:p\\@a.b/',
  ])('refuses %j', (url) => {
    expect(checkUrl(url)).toBeDefined();
  });
});

describe('checkCidr', () => {
  it.each(['10.0.0.0/8', '192.168.7.4/32', '127.0.0.0/8', 'fd00::/8', '::1/128', '2001:DB8::/32'])(
    'accepts %j',
    (cidr) => {
      expect(checkCidr(cidr)).toBeUndefined();
    },
  );
  it.each([
    '',
    '10.0.0.0',
    '10.0.0.1/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0/8',
    '010.0.0.0/8',
    '0x0a.0.0.0/8',
    '0.0.0.0/0',
    '::/0',
    'fd00::1/8',
    'fe80::1%eth0/128',
    'localhost/8',
    '10.0.0.0/8 ',
    '*',
  ])('refuses %j', (cidr) => {
    expect(checkCidr(cidr)).toBeDefined();
  });
});

describe('checkHeaderValue', () => {
  it('refuses what could start another header', () => {
    expect(checkHeaderValue('Bearer abc \t ~')).toBeUndefined();
    for (const value of ['a\r\nB: c', 'a\nb', 'a\0', '\u2028', 'caf\u0301', '\x7f'])
      expect(checkHeaderValue(value)).toBeDefined();
  });
});

describe('checkHost', () => {
  it.each(['mcp.example.com', 'MCP.Example.com:8443', 'localhost', '127.0.0.1:3000', '[::1]', '[::1]:3000'])(
    'accepts %j',
    (host) => {
      expect(checkHost(host)).toBeUndefined();
    },
  );
  it.each([
    '',
    '*',
    '*.example.com',
    'https://a.b',
    'a.b/',
    'a b',
    'a.b:0',
    'a.b:65536',
    'a.b:',
    '::1',
    '[::g]',
    '-a.b',
    'a..b',
    'u@a.b',
  ])('refuses %j', (host) => {
    expect(checkHost(host)).toBeDefined();
  });
});

describe('checkOrigin', () => {
  it.each(['https://app.example.com', 'http://localhost:5173', 'vscode-webview://abc', 'https://A.b'])(
    'accepts %j',
    (origin) => {
      expect(checkOrigin(origin)).toBeUndefined();
    },
  );
  it.each([
    '',
    'null',
    '*',
    'https://*.a.b',
    'https://a.b/',
    'https://a.b:443',
    'http://a.b:80',
    'a.b',
    'https://a.b/x',
    'https://u@a.b',
    '://a.b',
  ])('refuses %j', (origin) => {
    expect(checkOrigin(origin)).toBeDefined();
  });
});
