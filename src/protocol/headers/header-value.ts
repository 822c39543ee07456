import { isUtf8 } from 'node:buffer';

const PREFIX = '=?base64?';
const SUFFIX = '?=';

export type DecodedHeader = { readonly ok: true; readonly value: string } | { readonly ok: false };

const BROKEN: DecodedHeader = { ok: false };

/**
 * Writes a value for `Mcp-Name` or `Mcp-Param-*` (2026-07-28
 * `basic/transports/streamable-http`, value encoding). Printable ASCII goes as
 * it is; anything else, leading or trailing blanks, and text that could be
 * taken for the encoded form becomes `=?base64?…?=` of its UTF-8 bytes. The
 * empty text is encoded too, because some HTTP stacks drop an empty header.
 */
export function encodeHeaderValue(text: string): string {
  if (isPlain(text)) return text;
  return `${PREFIX}${Buffer.from(text, 'utf8').toString('base64')}${SUFFIX}`;
}

/**
 * Reads a received value. Surrounding blanks are no part of it (RFC 9110
 * §5.5). Not ok: characters that had to be encoded, Base64 that is not
 * canonical, or bytes that are not UTF-8; each could be read as two different
 * names by two readers. A value with the prefix but without the suffix, or the
 * other way round, is literal.
 */
export function decodeHeaderValue(raw: string): DecodedHeader {
  const text = trimBlanks(raw);
  if (!isPrintable(text)) return BROKEN;
  const isEncoded =
    text.length >= PREFIX.length + SUFFIX.length && text.startsWith(PREFIX) && text.endsWith(SUFFIX);
  if (!isEncoded) return { ok: true, value: text };
  const base64 = text.slice(PREFIX.length, -SUFFIX.length);
  const bytes = Buffer.from(base64, 'base64');
  // Node skips what is not Base64; only a text that comes out again was Base64.
  if (bytes.toString('base64') !== base64 || !isUtf8(bytes)) return BROKEN;
  return { ok: true, value: bytes.toString('utf8') };
}

/** Without the spaces and tabs around it. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

function isPlain(text: string): boolean {
  if (text.length === 0 || text.startsWith(PREFIX)) return false;
  if (isBlank(text.charCodeAt(0)) || isBlank(text.charCodeAt(text.length - 1))) return false;
  return isPrintable(text);
}

/** Visible ASCII and space. A tab is refused as well: intermediaries fold it into a space. */
function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}
