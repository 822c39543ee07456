import ipaddr from 'ipaddr.js';
import type { Mistake } from './report.ts';

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * An upstream's address: absolute http or https URL without credentials and
 * fragment. Whether the gateway may connect there is the egress guard's matter.
 */
export function checkUrl(value: string): Mistake | undefined {
  const expected = 'an http:// or https:// URL';
  if (value === '') return { expected, found: 'an empty string' };
  // The URL parser drops tabs and line breaks silently; what was meant is unclear.
  if (!VISIBLE_ASCII.test(value)) {
    return {
      expected,
      found: 'a string with spaces, controls or non-ASCII characters',
      hint: 'percent-encode them',
    };
  }
  if (!/^https?:\/\/[^/\\]/i.test(value) || !URL.canParse(value)) {
    return { expected, found: 'a string that is not such a URL' };
  }
  const url = new URL(value);
  const authority = value.slice(value.indexOf('//') + 2).split(/[/?#\\]/)[0] ?? '';
  if (authority.includes('@') || url.username !== '' || url.password !== '') {
    return {
      expected: `${expected} without a user name`,
      found: 'credentials in the URL',
      hint: 'put them into headers',
    };
  }
  if (value.includes('#')) return { expected: `${expected} without a fragment`, found: 'a fragment' };
  return undefined;
}

/** A field value of RFC 9110 section 5.5: anything else could start a second header. */
export function checkHeaderValue(value: string): Mistake | undefined {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return undefined;
  const hasLineBreak = /[\r\n]/.test(value);
  return {
    expected: 'a header value of visible characters, spaces and tabs',
    found: hasLineBreak ? 'a string with a line break' : 'a string with other characters',
    hint: hasLineBreak ? 'a variable that was read from a file often ends in a line break' : undefined,
  };
}

/** A string that a process can be given: the operating system ends it at the first NUL. */
export function checkProcessString(value: string): Mistake | undefined {
  if (!value.includes('\0')) return undefined;
  return { expected: 'a string without NUL', found: 'a string with a NUL character' };
}

/**
 * Headers that belong to the connection or to the protocol. Configured ones
 * would contradict what the gateway sends, or smuggle a second request.
 */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** True for a header that the gateway sets itself. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return RESERVED_HEADERS.has(lower) || lower.startsWith('mcp-param-');
}

/** Four decimal numbers: octal, hexadecimal and shortened forms mean different things to different readers. */
function isPlainIpv4(address: string): boolean {
  return (
    /^(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})$/.test(address) && ipaddr.IPv4.isValid(address)
  );
}

/** Without a zone, which means something on one machine only. */
function isPlainIpv6(address: string): boolean {
  return address.includes(':') && !address.includes('%') && ipaddr.IPv6.isValid(address);
}

/** A network in CIDR notation with zero host bits (RFC 4632), not the whole address space. */
export function checkCidr(value: string): Mistake | undefined {
  const expected = 'a network such as 10.1.2.0/24 or fd00:1::/64';
  const [address = '', bits = '', ...rest] = value.split('/');
  const version = isPlainIpv4(address) ? 4 : isPlainIpv6(address) ? 6 : 0;
  if (version === 0 || rest.length > 0) return { expected, found: 'a string that is not a network' };
  if (!value.includes('/')) {
    return {
      expected,
      found: 'an address without a prefix length',
      hint: `write ${address}/${version === 4 ? 32 : 128}`,
    };
  }
  if (!/^(0|[1-9][0-9]{0,2})$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) {
    return { expected, found: 'a prefix length out of range' };
  }
  if (bits === '0') {
    return {
      expected: `${expected}, not every address`,
      found: 'a prefix length of 0',
      hint: 'list the networks that are needed',
    };
  }
  const family = version === 4 ? ipaddr.IPv4 : ipaddr.IPv6;
  const network = family.networkAddressFromCIDR(value);
  if (network.toString() === ipaddr.parse(address).toString()) return undefined;
  return { expected, found: 'a network with host bits', hint: `did you mean ${network.toString()}/${bits}?` };
}

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;

function isHost(value: string): boolean {
  if (value.length > 260 || !HOST.test(value)) return false;
  const literal = /^\[(.*)\]/.exec(value)?.[1];
  if (literal !== undefined && !isPlainIpv6(literal)) return false;
  const port = /:([0-9]+)$/.exec(literal === undefined ? value : value.slice(value.indexOf(']')))?.[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
}

/** A `Host` header value: name or address, with a port if it is not the default. No wildcards. */
export function checkHost(value: string): Mistake | undefined {
  if (isHost(value.toLowerCase())) return undefined;
  return {
    expected: 'a host such as mcp.example.com or mcp.example.com:8443',
    found: 'a string that is not a host',
    hint: value.includes('*')
      ? 'wildcards are not supported; list each host'
      : value.includes('/')
        ? 'leave out the scheme and the path'
        : undefined,
  };
}

/** A serialised origin (RFC 6454 section 6.2), compared as text with what browsers send. */
export function checkOrigin(value: string): Mistake | undefined {
  const expected = 'an origin such as https://app.example.com';
  const [scheme = '', host = '', ...rest] = value.toLowerCase().split('://');
  if (rest.length > 0 || !/^[a-z][a-z0-9+.-]*$/.test(scheme) || !isHost(host)) {
    const hint = value.includes('*') ? 'wildcards are not supported; list each origin' : undefined;
    return { expected, found: 'a string that is not an origin', hint };
  }
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  const serialised = new URL(value).origin;
  if (serialised === value.toLowerCase()) return undefined;
  return { expected, found: 'an origin as browsers never send it', hint: `write ${serialised}` };
}
