/** Why a host name is refused. */
export interface HostProblem {
  readonly ok: false;
  readonly code: 'host_malformed' | 'host_single_label' | 'host_special_use';
  readonly reason: string;
}

/** RFC 1035, section 2.3.4. */
const NAME_CHARS_MAX = 253;
const LABEL = /^[a-z0-9_-]{1,63}$/;

/**
 * Names that never belong to a public service: RFC 6761 and RFC 6762
 * (special use), RFC 8375, RFC 7686, reverse look-ups, the private-use
 * `internal`, and what Kubernetes and home routers resolve.
 */
const SPECIAL_USE_SUFFIXES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'svc',
  'home.arpa',
  'in-addr.arpa',
  'ip6.arpa',
  'arpa',
  'onion',
  'alt',
  'test',
  'invalid',
  'example',
] as const;

/**
 * Checks a host name that is not an address, without its trailing dot and in
 * the form that the URL parser made of it. `public-name` also refuses names
 * of one label, which search domains complete, and special-use names.
 */
export function checkHostName(host: string, kind: 'any-name' | 'public-name'): HostProblem | undefined {
  const labels = host.split('.');
  if (host.length > NAME_CHARS_MAX || !labels.every((label) => LABEL.test(label))) {
    return { ok: false, code: 'host_malformed', reason: 'the host is not a valid name' };
  }
  if (kind === 'any-name') return undefined;
  if (SPECIAL_USE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))) {
    return { ok: false, code: 'host_special_use', reason: 'the name is reserved for internal use' };
  }
  if (labels.length === 1) {
    return { ok: false, code: 'host_single_label', reason: 'the host is not a full name' };
  }
  return undefined;
}
