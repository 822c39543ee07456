import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address in its one comparable form: IPv4-mapped IPv6 is IPv4. */
type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** One compiled CIDR block: network and prefix length. */
export type CidrBlock = readonly [Address, number];

/**
 * Which addresses may be dialled. `strict` is for URLs that a project wrote,
 * `operator` for those from the operator's own configuration.
 */
export type AddressTrust = 'strict' | 'operator';

/**
 * Unicast for the library, but nobody's public service: Azure's wire server,
 * the PCP anycast and AS112/AMT blocks, the 6to4 relay and the documentation
 * networks. IANA special-purpose registries, RFC 6890 and later.
 */
const V4_NOT_PUBLIC = ranges([
  '168.63.129.16/32',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
]);

/**
 * Inside 2000::/3, but protocol assignments (Teredo, ORCHID, benchmarking),
 * documentation, 6to4, which embeds an IPv4 address, and AS112.
 */
const V6_NOT_PUBLIC = ranges(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48']);

/** IANA has allocated global unicast addresses from this block only. */
const V6_GLOBAL_UNICAST = ranges(['2000::/3']);

/** What an operator's own upstreams commonly have: loopback, RFC 1918, RFC 6598, RFC 4193. */
const PRIVATE = ranges([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
]);

/**
 * Cloud metadata services and link-local addresses. They hand out the
 * credentials of the machine, so not even the operator's configuration
 * reaches them unless an allow-list entry names them.
 */
const METADATA = ranges([
  '169.254.0.0/16',
  'fe80::/10',
  '168.63.129.16/32',
  '100.100.100.200/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
]);

/**
 * True for an address of the public internet. IPv4-mapped IPv6 counts as the
 * IPv4 address in it; NAT64, 6to4 and IPv4-compatible forms are never public,
 * because they reach whatever IPv4 address they embed. False for anything that
 * is not an IP address, zone ids included.
 */
export function isPublicAddress(ip: string): boolean {
  const address = parseAddress(ip);
  return address !== undefined && isPublic(address);
}

/** Compiled allow-list; throws a RangeError that names the entry which is no CIDR block. */
export function compileCidrs(cidrs: readonly string[]): readonly CidrBlock[] {
  return cidrs.map((cidr) => {
    const slash = cidr.lastIndexOf('/');
    const isBlock = slash > 0 && isIP(cidr.slice(0, slash)) !== 0 && /^\d{1,3}$/.test(cidr.slice(slash + 1));
    if (!isBlock || !ipaddr.isValidCIDR(cidr))
      throw new RangeError(`not a CIDR block: ${JSON.stringify(cidr)}`);
    return ipaddr.parseCIDR(cidr);
  });
}

/** True when the address lies in one of the blocks. */
export function isCovered(ip: string, blocks: readonly CidrBlock[]): boolean {
  const address = parseAddress(ip);
  return address !== undefined && isIn(address, blocks);
}

/** Whether an address may be dialled; `blocks` is the compiled allow-list, which overrides everything. */
export function isAddressAllowed(ip: string, trust: AddressTrust, blocks: readonly CidrBlock[]): boolean {
  const address = parseAddress(ip);
  if (address === undefined) return false;
  if (isIn(address, blocks)) return true;
  if (isIn(address, METADATA)) return false;
  return isPublic(address) || (trust === 'operator' && isIn(address, PRIVATE));
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') return !isIn(address, V4_NOT_PUBLIC);
  return isIn(address, V6_GLOBAL_UNICAST) && !isIn(address, V6_NOT_PUBLIC);
}

/**
 * The parser of `ipaddr.js` accepts octal, hexadecimal and short forms, so it
 * only sees what Node itself calls an address.
 */
function parseAddress(ip: string): Address | undefined {
  if (isIP(ip) === 0 || ip.includes('%')) return undefined;
  return ipaddr.process(ip);
}

function isIn(address: Address, blocks: readonly CidrBlock[]): boolean {
  for (const [network, bits] of blocks) {
    if (address.kind() === network.kind() && address.match(network, bits)) return true;
  }
  return false;
}

function ranges(cidrs: readonly string[]): readonly CidrBlock[] {
  return cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
}
