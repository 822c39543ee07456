/** Why configured headers cannot be used. Holds the name, never the value: values are credentials. */
export interface HeaderProblem {
  readonly name: string;
  readonly reason: string;
}

export type ConfiguredHeaders =
  | { readonly ok: true; readonly headers: readonly string[] }
  | { readonly ok: false; readonly problems: readonly HeaderProblem[] };

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Visible latin-1 with blanks inside; CR, LF and NUL would end or break the header (RFC 9110, section 5.5). */
const VALUE = /^[\t\u0020-\u007e\u00a0-\u00ff]*$/;

const HEADERS_MAX = 32;
const VALUE_CHARS_MAX = 8 * 1024;

/**
 * Headers that belong to the connection, to the message that we write, or to
 * the protocol. A configured `Host` would override the authority of the URL,
 * which the egress guard has vetted.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'cookie',
  'cookie2',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'last-event-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);
const RESERVED_PREFIXES = ['mcp-', 'proxy-', 'content-', 'x-forwarded-'] as const;

/**
 * Checks the headers that an operator configured for an upstream, usually its
 * credentials, and returns them as names (lower case) and values in turn.
 */
export function checkConfiguredHeaders(configured: Readonly<Record<string, string>>): ConfiguredHeaders {
  const entries = Object.entries(configured);
  const problems: HeaderProblem[] = [];
  const headers: string[] = [];
  const seen = new Set<string>();
  if (entries.length > HEADERS_MAX) problems.push({ name: '*', reason: `more than ${HEADERS_MAX} headers` });
  for (const [name, value] of entries) {
    const lower = name.toLowerCase();
    const reason = headerProblem(lower, value, seen);
    if (reason !== undefined) problems.push({ name: name.slice(0, 64), reason });
    seen.add(lower);
    headers.push(lower, value);
  }
  return problems.length === 0 ? { ok: true, headers } : { ok: false, problems };
}

function headerProblem(name: string, value: unknown, seen: ReadonlySet<string>): string | undefined {
  if (!TOKEN.test(name)) return 'the name is not a header name';
  if (seen.has(name)) return 'the name is configured twice';
  if (RESERVED.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    return 'the header is set by the gateway itself';
  }
  if (typeof value !== 'string' || !VALUE.test(value) || value !== value.trim()) {
    return 'the value has control characters, outer blanks or characters outside of latin-1';
  }
  return value.length > VALUE_CHARS_MAX ? 'the value is too long' : undefined;
}
