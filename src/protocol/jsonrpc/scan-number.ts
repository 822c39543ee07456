import { ASCII, byteAt, isDigit } from './ascii.ts';

/** From the first byte of a number (RFC 8259 §6) to behind it, or -1. No leading zeros, no plus, no bare dot. */
export function scanNumber(bytes: Buffer, start: number): number {
  let i = start;
  if (byteAt(bytes, i) === ASCII.minus) i += 1;
  if (byteAt(bytes, i) === ASCII.zero) i += 1;
  else i = scanDigits(bytes, i);
  if (i >= 0 && byteAt(bytes, i) === ASCII.dot) i = scanDigits(bytes, i + 1);
  if (i >= 0 && (byteAt(bytes, i) | 0x20) === ASCII.lowerE) {
    const sign = byteAt(bytes, i + 1);
    i = scanDigits(bytes, sign === ASCII.plus || sign === ASCII.minus ? i + 2 : i + 1);
  }
  return i;
}

/** One digit or more; -1 when there is none. */
function scanDigits(bytes: Buffer, start: number): number {
  let i = start;
  while (isDigit(byteAt(bytes, i))) i += 1;
  return i === start ? -1 : i;
}
