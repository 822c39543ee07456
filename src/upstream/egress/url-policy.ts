import { isIP } from 'node:net';
import { compileCidrs, isAddressAllowed, isCovered } from './address-policy.ts';
import { checkHostName } from './host-policy.ts';

/** Who wrote the URL, and what the operator allows beyond the defaults. */
export interface EgressPolicy {
  /**
   * `operator`: from the configuration file; http, every port and private
   * addresses are fine. `project`: from an API caller; https, ports 443 and
   * 8443 and public addresses only.
   */
  readonly origin: 'operator' | 'project';
  /**
   * CIDR blocks that may be reached although they would be refused. For them
   * http and every port are fine too. Empty: none.
   */
  readonly allowCidrs: readonly string[];
  /** Names under which this gateway is reached, `host` or `host:port`; calling them would be a loop. */
  readonly ownHosts?: readonly string[];
}

/** Stable reasons, for the person who typed the URL. Never contains a resolved address. */
export type UrlRefusalCode =
  | 'url_not_string'
  | 'url_too_long'
  | 'url_bad_chars'
  | 'url_malformed'
  | 'scheme_not_allowed'
  | 'userinfo_not_allowed'
  | 'fragment_not_allowed'
  | 'port_not_allowed'
  | 'host_malformed'
  | 'host_single_label'
  | 'host_special_use'
  | 'host_is_self'
  | 'address_not_public';

export type UrlCheck =
  | {
      readonly ok: true;
      readonly url: URL;
      /**
       * The URL is only fit for addresses of the allow-list, because it uses
       * http, an unusual port or an internal name; checked when it is dialled.
       */
      readonly requiresCover: boolean;
    }
  | { readonly ok: false; readonly code: UrlRefusalCode; readonly reason: string };

type Refusal = Extract<UrlCheck, { ok: false }>;

/** Longer URLs are no endpoint of an MCP server. */
const URL_CHARS_MAX = 2048;

const PROJECT_PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);

/**
 * What parsers disagree on or silently drop: controls, every kind of blank,
 * invisible and bidirectional characters, half surrogate pairs, and the
 * backslash, which the WHATWG parser turns into a slash.
 */
const BAD_CHARS = /[\p{Cc}\p{Z}\p{Cf}\p{Cs}\\]/u;

/**
 * Decides whether a URL may become an upstream, without any network access.
 * The raw text is looked at first, since the WHATWG parser repairs what other
 * parsers read differently; then it is parsed once, and only the parsed URL is
 * used from there on. Names are vetted again by address at every connect.
 */
export function checkUrl(raw: unknown, policy: EgressPolicy): UrlCheck {
  if (typeof raw !== 'string') return refuse('url_not_string', 'the URL is not a string');
  const rawProblem = checkRawText(raw);
  if (rawProblem !== undefined) return rawProblem;

  let url: URL;
  try {
    url = new URL(raw);
  } catch {
    return refuse('url_malformed', 'the text is not a URL');
  }
  return policy.origin === 'operator' ? checkAsOperator(url, policy) : checkAsProject(url, policy);
}

function checkRawText(raw: string): Refusal | undefined {
  if (raw.length > URL_CHARS_MAX) return refuse('url_too_long', `more than ${URL_CHARS_MAX} characters`);
  if (BAD_CHARS.test(raw)) {
    return refuse('url_bad_chars', 'blanks, control characters and backslashes are not allowed');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(raw)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') {
    return refuse('scheme_not_allowed', 'only https is allowed');
  }
  if (!/^https?:\/\/[^/]/i.test(raw)) return refuse('url_malformed', 'the text is not an absolute https URL');
  // A bare `@` leaves no trace in the parsed URL, so the authority is looked at as text.
  const authority = raw.slice(raw.indexOf('//') + 2).split(/[/?#]/, 1)[0] ?? '';
  if (authority.includes('@')) {
    return refuse('userinfo_not_allowed', 'credentials do not belong in the URL: configure a header');
  }
  if (raw.includes('#')) return refuse('fragment_not_allowed', 'a fragment never reaches a server');
  return undefined;
}

function checkAsOperator(url: URL, policy: EgressPolicy): UrlCheck {
  const host = bareHost(url);
  if (isSelf(url, host, policy)) return refuseSelf();
  if (isIP(host) === 0) {
    const problem = checkHostName(host, 'any-name');
    return problem ?? { ok: true, url, requiresCover: false };
  }
  return isAddressAllowed(host, 'operator', compileCidrs(policy.allowCidrs))
    ? { ok: true, url, requiresCover: false }
    : refuseAddress();
}

function checkAsProject(url: URL, policy: EgressPolicy): UrlCheck {
  const blocks = compileCidrs(policy.allowCidrs);
  const host = bareHost(url);
  const isLiteral = isIP(host) !== 0;
  if (isLiteral && isCovered(host, blocks)) {
    return isSelf(url, host, policy) ? refuseSelf() : { ok: true, url, requiresCover: true };
  }
  const problem = strictProblem(url, host, policy);
  if (problem === undefined) return { ok: true, url, requiresCover: false };
  // A name may still lead into the allow-list; which addresses it has is known at connect time.
  const mayBeCovered = !isLiteral && blocks.length > 0 && DEFERRABLE.has(problem.code);
  return mayBeCovered ? { ok: true, url, requiresCover: true } : problem;
}

const DEFERRABLE: ReadonlySet<UrlRefusalCode> = new Set([
  'scheme_not_allowed',
  'port_not_allowed',
  'host_single_label',
  'host_special_use',
]);

function strictProblem(url: URL, host: string, policy: EgressPolicy): Refusal | undefined {
  // What can never be deferred comes first, so that a deferrable problem does not hide it.
  if (isSelf(url, host, policy)) return refuseSelf();
  const isLiteral = isIP(host) !== 0;
  const nameProblem = isLiteral ? undefined : checkHostName(host, 'public-name');
  if (nameProblem?.code === 'host_malformed') return nameProblem;
  if (url.protocol !== 'https:') return refuse('scheme_not_allowed', 'only https is allowed');
  if (!PROJECT_PORTS.has(url.port))
    return refuse('port_not_allowed', 'only the ports 443 and 8443 are allowed');
  if (nameProblem !== undefined) return nameProblem;
  return isLiteral && !isAddressAllowed(host, 'strict', []) ? refuseAddress() : undefined;
}

/** Host name without brackets and without the dot of a fully qualified name. */
function bareHost(url: URL): string {
  const host = url.hostname;
  if (host.startsWith('[')) return host.slice(1, -1);
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function isSelf(url: URL, host: string, policy: EgressPolicy): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return (policy.ownHosts ?? []).some((own) => {
    const name = own.toLowerCase();
    return name === host || name === `${host}:${port}` || name === `[${host}]:${port}`;
  });
}

function refuseSelf(): Refusal {
  return refuse('host_is_self', 'this is the gateway itself');
}

function refuseAddress(): Refusal {
  return refuse('address_not_public', 'the address is not one that upstreams may have');
}

function refuse(code: UrlRefusalCode, reason: string): Refusal {
  return { ok: false, code, reason };
}
