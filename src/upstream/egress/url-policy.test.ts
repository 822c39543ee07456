import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './address-policy.ts';
import { checkUrl } from './url-policy.ts';
import type { EgressPolicy } from './url-policy.ts';

interface Vector {
  readonly id: string;
  readonly category: string;
  readonly input: unknown;
  readonly expect: { readonly decision: string; readonly phase: string; readonly code: string };
}
interface VectorFile {
  readonly must_block_addresses: readonly string[];
  readonly must_allow_addresses: readonly string[];
  readonly vectors: readonly Vector[];
}

const file = JSON.parse(
  readFileSync(new URL('../../../test/vectors/ssrf.json', import.meta.url), 'utf8'),
) as VectorFile;
const project: EgressPolicy = { origin: 'project', allowCidrs: [], ownHosts: ['gateway.example.com'] };
const operator: EgressPolicy = { origin: 'operator', allowCidrs: [] };

const parseVectors = file.vectors.filter(
  (vector) => vector.expect.phase === 'parse' && ['block', 'allow'].includes(vector.expect.decision),
);

function codeOf(raw: unknown, policy: EgressPolicy): string {
  const check = checkUrl(raw, policy);
  return check.ok ? 'ok' : check.code;
}

describe('checkUrl for a project', () => {
  it('runs a non-empty vector file', () => {
    expect(parseVectors.length).toBeGreaterThan(100);
  });

  it.each(parseVectors)('$id $category: $expect.code', (vector) => {
    expect(codeOf(vector.input, project)).toBe(vector.expect.code);
  });

  it('keeps the vetted URL object', () => {
    const check = checkUrl('HTTPS://MCP.EXAMPLE.ORG/mcp', project);
    expect(check.ok && check.url.href).toBe('https://mcp.example.org/mcp');
  });

  it.each([
    ['https://user@mcp.example.org/', 'userinfo_not_allowed'],
    ['https://@mcp.example.org/', 'userinfo_not_allowed'],
    ['https://mcp.example.org/#', 'fragment_not_allowed'],
    ['https://localhost/', 'host_special_use'],
    ['https://mcp.example.org/\ud800', 'url_bad_chars'],
    ['https://mcp\u00ad.example.org/', 'url_bad_chars'],
    ['https://mcp.example.org:80/', 'port_not_allowed'],
    ['https:///mcp.example.org/', 'url_malformed'],
    ['https://gateway.example.com./mcp', 'host_is_self'],
  ])('refuses %j with %s', (raw, code) => {
    expect(codeOf(raw, project)).toBe(code);
  });

  it('lets the allow-list open http, every port and internal names, and marks them for the connect-time check', () => {
    const policy: EgressPolicy = { origin: 'project', allowCidrs: ['10.1.0.0/16', 'fd12::/16'] };
    expect(checkUrl('http://10.1.2.3:8080/mcp', policy)).toMatchObject({ ok: true, requiresCover: true });
    expect(checkUrl('http://[fd12::1]:8080/mcp', policy)).toMatchObject({ ok: true, requiresCover: true });
    expect(checkUrl('http://weather:3000/mcp', policy)).toMatchObject({ ok: true, requiresCover: true });
    expect(checkUrl('https://mcp.example.org/', policy)).toMatchObject({ ok: true, requiresCover: false });
    expect(codeOf('http://10.2.0.1/', policy)).toBe('scheme_not_allowed');
    expect(codeOf('https://10.2.0.1/', policy)).toBe('address_not_public');
    expect(codeOf('http://a..b/', policy)).toBe('host_malformed');
  });
});

describe('checkUrl for an operator', () => {
  it.each([
    'http://127.0.0.1:8080/mcp',
    'http://localhost:3000/mcp',
    'http://weather:3000/mcp',
    'https://10.0.0.7:9443/mcp',
    'http://[::1]:8080/mcp',
    'http://[fd00::1]/mcp',
    'https://mcp.example.org/mcp',
    'http://[::ffff:10.0.0.1]/',
  ])('allows %s', (raw) => {
    expect(codeOf(raw, operator)).toBe('ok');
  });

  it.each([
    ['http://169.254.169.254/latest/', 'address_not_public'],
    ['http://[fe80::1]/', 'address_not_public'],
    ['http://[fd00:ec2::254]/', 'address_not_public'],
    ['http://168.63.129.16/', 'address_not_public'],
    ['http://100.100.100.200/', 'address_not_public'],
    ['http://[::ffff:169.254.169.254]/', 'address_not_public'],
    ['http://[64:ff9b::a9fe:a9fe]/', 'address_not_public'],
    ['http://0.0.0.0/', 'address_not_public'],
    ['http://224.0.0.1/', 'address_not_public'],
    ['http://user:pass@localhost/', 'userinfo_not_allowed'],
    ['http://localhost/#x', 'fragment_not_allowed'],
    ['file:///etc/passwd', 'scheme_not_allowed'],
  ])('refuses %s', (raw, code) => {
    expect(codeOf(raw, operator)).toBe(code);
  });

  it('reaches a metadata address only when an allow-list entry covers it', () => {
    expect(
      codeOf('http://169.254.169.254/', { origin: 'operator', allowCidrs: ['169.254.169.254/32'] }),
    ).toBe('ok');
  });

  it('refuses its own address and port, and only that port', () => {
    const policy: EgressPolicy = { origin: 'operator', allowCidrs: [], ownHosts: ['localhost:8080'] };
    expect(codeOf('http://localhost:8080/mcp', policy)).toBe('host_is_self');
    expect(codeOf('http://localhost:8081/mcp', policy)).toBe('ok');
  });

  it('refuses an allow-list entry that is no CIDR block instead of ignoring it', () => {
    expect(() => checkUrl('http://10.0.0.1/', { origin: 'operator', allowCidrs: ['10.0.0.1'] })).toThrow(
      RangeError,
    );
    expect(() => checkUrl('http://10.0.0.1/', { origin: 'operator', allowCidrs: ['0177.1/8'] })).toThrow(
      RangeError,
    );
  });
});

describe('isPublicAddress', () => {
  it.each(file.must_block_addresses)('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(file.must_allow_addresses)('accepts %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each(['', '0177.0.0.1', '1.2.3', 'fe80::1%eth0', 'example.org', '::1%lo', '8.8.8.8/8'])(
    'refuses %j, which is no address',
    (address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );
});
