import type { Credential } from '../../tenancy/principal.ts';
import type { MirroredHeaderValues } from '../message-handler.ts';

/** What the HTTP transport reads from the header section, in one pass over it. */
export interface RequestHeaders {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentLength: string | undefined;
  readonly transferEncoding: string | undefined;
  readonly accept: string | undefined;
  readonly credential: Credential;
  readonly mirrored: MirroredHeaderValues;
}

/** Headers of which a second copy is an attack on whoever reads only the first (or only the last). */
type SingleHeader =
  | 'host'
  | 'origin'
  | 'content-type'
  | 'content-encoding'
  | 'content-length'
  | 'transfer-encoding'
  | 'authorization'
  | 'mcp-protocol-version'
  | 'mcp-method'
  | 'mcp-name';

/** The place of each in the list of values; an object with the names as members would be slower to fill. */
const PLACE = {
  host: 0,
  origin: 1,
  'content-type': 2,
  'content-encoding': 3,
  'content-length': 4,
  'transfer-encoding': 5,
  authorization: 6,
  'mcp-protocol-version': 7,
  'mcp-method': 8,
  'mcp-name': 9,
} as const satisfies Readonly<Record<SingleHeader, number>>;
const PLACES: ReadonlyMap<string, number> = new Map(Object.entries(PLACE));

/** `Mcp-Param-*` headers one request may carry; a tool with more parameters than this is not callable by header. */
const PARAM_HEADERS_MAX = 64;

/** Longest bearer token that is looked at. Ours have 46 characters; a JWT of 8 KiB is already unusual. */
const TOKEN_CHARS_MAX = 8 * 1024;

const NOTHING_SEEN: readonly (string | undefined)[] = Array.from({ length: PLACES.size }, () => undefined);

/**
 * Reads the raw header list. Undefined when a header that may occur once
 * occurs twice (RFC 9110 §5.3) or when there are too many `Mcp-Param-*`.
 * `req.headers` would silently keep the first of two `Authorization` headers.
 */
export function readRequestHeaders(raw: readonly string[]): RequestHeaders | undefined {
  const seen = NOTHING_SEEN.slice();
  let accept: string | undefined;
  let params: Record<string, string> | undefined;
  let paramCount = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    const place = PLACES.get(name);
    if (place !== undefined) {
      if (seen[place] !== undefined) return undefined;
      seen[place] = value;
    } else if (name === 'accept') {
      accept = accept === undefined ? value : `${accept}, ${value}`;
    } else if (name.startsWith('mcp-param-')) {
      // No prototype: a header may be called `mcp-param-constructor`.
      params ??= Object.create(null) as Record<string, string>;
      paramCount += 1;
      if (params[name] !== undefined || paramCount > PARAM_HEADERS_MAX) return undefined;
      params[name] = value;
    }
  }
  return {
    host: seen[PLACE.host],
    origin: seen[PLACE.origin],
    contentType: seen[PLACE['content-type']],
    contentEncoding: seen[PLACE['content-encoding']],
    contentLength: seen[PLACE['content-length']],
    transferEncoding: seen[PLACE['transfer-encoding']],
    accept,
    credential: readCredential(seen[PLACE.authorization]),
    mirrored: {
      protocolVersion: seen[PLACE['mcp-protocol-version']],
      method: seen[PLACE['mcp-method']],
      name: seen[PLACE['mcp-name']],
      params,
    },
  };
}

/** RFC 6750 §2.1: the scheme is case-insensitive, the token is one word. Anything else is no credential. */
function readCredential(authorization: string | undefined): Credential {
  if (authorization === undefined || authorization.length > TOKEN_CHARS_MAX) return { kind: 'none' };
  const match = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization);
  return match?.[1] === undefined ? { kind: 'none' } : { kind: 'bearer', token: match[1] };
}

/** True for `application/json`, with no charset or UTF-8 (RFC 8259 §8.1). */
export function isJsonContentType(value: string | undefined): boolean {
  if (value === undefined) return false;
  if (value === 'application/json') return true;
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(value.trim());
}

/**
 * True when the client takes `application/json`, the only form in which this
 * server answers. No `Accept` header means anything goes (RFC 9110 §12.5.1).
 */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined) return true;
  if (accept.includes('application/json') || accept.includes('*/*')) {
    return !/(?:application\/json|\*\/\*)\s*;\s*q\s*=\s*0(?:\.0+)?\s*(?:,|$)/i.test(accept);
  }
  return /application\/(?:json|\*)/i.test(accept);
}
