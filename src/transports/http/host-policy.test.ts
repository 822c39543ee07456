import { describe, expect, it } from 'vitest';
import { createHostPolicy } from './host-policy.ts';

const loopback = createHostPolicy({ listenHost: '127.0.0.1', allowedHosts: [], allowedOrigins: [] });

describe('the host policy on a loopback address', () => {
  it.each(['127.0.0.1:8787', 'localhost', 'LOCALHOST:1', '[::1]:8787'])('serves %s', (host) => {
    expect(loopback.isHostAllowed(host)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1@evil.example',
    '127.0.0.1:999999',
    'a b',
  ])('refuses %j, which a rebound name could send', (host) => {
    expect(loopback.isHostAllowed(host)).toBe(false);
  });

  it.each([
    [undefined, true],
    ['http://localhost:3000', true],
    ['http://127.0.0.1', true],
    ['null', false],
    ['https://evil.example', false],
    ['http://localhost.evil.example', false],
    ['http://localhost/path', false],
    ['file://', false],
  ])('answers origin %j: %j', (origin, expected) => {
    expect(loopback.isOriginAllowed(origin)).toBe(expected);
  });
});

describe('the host policy on a public address', () => {
  const open = createHostPolicy({ listenHost: '0.0.0.0', allowedHosts: [], allowedOrigins: [] });
  const named = createHostPolicy({
    listenHost: '0.0.0.0',
    allowedHosts: ['mcp.example.com'],
    allowedOrigins: ['https://app.example.com'],
  });

  it('serves any name when none is configured, because the token is the guard there', () => {
    expect(open.isHostAllowed('mcp.example.com')).toBe(true);
    expect(open.isOriginAllowed('https://mcp.example.com')).toBe(false);
  });

  it('serves only the configured names and origins', () => {
    expect(named.isHostAllowed('mcp.example.com:443')).toBe(true);
    expect(named.isHostAllowed('other.example.com')).toBe(false);
    expect(named.isHostAllowed('127.0.0.1')).toBe(false);
    expect(named.isOriginAllowed('https://app.example.com')).toBe(true);
    expect(named.isOriginAllowed('https://mcp.example.com')).toBe(true);
    expect(named.isOriginAllowed('http://localhost:3000')).toBe(false);
  });

  it('serves a name with the dot of a fully qualified one, in any case', () => {
    expect(named.isHostAllowed('MCP.EXAMPLE.COM.:443')).toBe(true);
    expect(named.isHostAllowed('mcp.example.com..')).toBe(false);
  });

  it('serves a name that is configured with a port at that port only', () => {
    const withPort = createHostPolicy({
      listenHost: '0.0.0.0',
      allowedHosts: ['mcp.example.com:8443'],
      allowedOrigins: [],
    });
    expect(withPort.isHostAllowed('mcp.example.com:8443')).toBe(true);
    expect(withPort.isHostAllowed('mcp.example.com')).toBe(false);
    expect(withPort.isHostAllowed('mcp.example.com:443')).toBe(false);
    expect(withPort.isOriginAllowed('https://mcp.example.com:8443')).toBe(true);
  });
});
