import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `test` tokens are refused unless the operator allows them. `adm` tokens are
 * those of operators: they belong to no project and open only the admin surface.
 */
export type TokenEnvironment = 'live' | 'test' | 'adm';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_CHARS = 32;
const CHECKSUM_CHARS = 6;

/**
 * `bw_live_`, `bw_test_` or `bw_adm_`, 32 random base62 characters (190 bits), 6 base62
 * characters of the CRC-32 of everything before. The pattern is what secret
 * scanners look for; one double click selects the whole word.
 */
const TOKEN_PATTERN = /^bw_(live|test|adm)_[0-9A-Za-z]{38}$/;
const TOKEN_CHARS_MAX = 'bw_live_'.length + SECRET_CHARS + CHECKSUM_CHARS;

export type ParsedToken =
  | { readonly ok: true; readonly environment: TokenEnvironment }
  | { readonly ok: false; readonly problem: 'not_a_token' | 'checksum' };

/** Makes a new token. It is shown once and stored only as `hashToken` of it. */
export function createToken(environment: TokenEnvironment = 'live'): string {
  const body = `bw_${environment}_${randomBase62(SECRET_CHARS)}`;
  return body + tokenChecksum(body);
}

/**
 * Tells a token from anything else without a database: a typo, a cut-off copy
 * or another product's key is refused here. CRC-32 finds every single wrong
 * character and every swap of neighbours.
 */
export function parseToken(text: string): ParsedToken {
  // The length first: the pattern must not run over a megabyte of header.
  const match = text.length > TOKEN_CHARS_MAX ? null : TOKEN_PATTERN.exec(text);
  if (match === null) return { ok: false, problem: 'not_a_token' };
  const body = text.slice(0, -CHECKSUM_CHARS);
  if (tokenChecksum(body) !== text.slice(-CHECKSUM_CHARS)) return { ok: false, problem: 'checksum' };
  return { ok: true, environment: match[1] as TokenEnvironment };
}

/** The part of a token that may be shown and stored in clear: enough to tell two apart, useless to call with. */
export function tokenHint(token: string): { prefix: string; last4: string } {
  return { prefix: token.slice(0, token.lastIndexOf('_') + 1), last4: token.slice(-4) };
}

/**
 * HMAC-SHA-256 of the token, 32 bytes, the form in which it is stored. A slow
 * password hash would add nothing at 190 random bits; the pepper makes the
 * stored digests useless to whoever has only the database.
 */
export function hashToken(pepper: Buffer, token: string): Buffer {
  return createHmac('sha256', pepper).update(token, 'utf8').digest();
}

/** Six base62 digits of the CRC-32 of `body`, most significant first. */
export function tokenChecksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let place = 0; place < CHECKSUM_CHARS; place += 1) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function randomBase62(chars: number): string {
  let text = '';
  while (text.length < chars) {
    for (const byte of randomBytes(chars)) {
      // 248 is 4 × 62. A plain remainder of all 256 values would make the first eight characters more likely.
      if (byte < 248 && text.length < chars) text += BASE62.charAt(byte % 62);
    }
  }
  return text;
}
