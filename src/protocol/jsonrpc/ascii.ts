/** The bytes that mean something in JSON (RFC 8259 §2). */
export const ASCII = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  lowerA: 0x61,
  lowerE: 0x65,
  lowerF: 0x66,
  lowerN: 0x6e,
  lowerT: 0x74,
  lowerU: 0x75,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** The byte at `i`, or -1 behind the end: a comparison with it is false for every byte of the grammar. */
export function byteAt(bytes: Buffer, i: number): number {
  return i < bytes.length ? (bytes[i] as number) : -1;
}

/** Whether `text`, which must be ASCII, stands at `start`. */
export function isAsciiAt(bytes: Buffer, start: number, text: string): boolean {
  if (start + text.length > bytes.length) return false;
  for (let k = 0; k < text.length; k++) {
    if (bytes[start + k] !== text.charCodeAt(k)) return false;
  }
  return true;
}

export function isDigit(byte: number): boolean {
  return byte >= ASCII.zero && byte <= ASCII.nine;
}

/** Value of a hexadecimal digit, or -1. */
export function hexValue(byte: number): number {
  if (isDigit(byte)) return byte - ASCII.zero;
  const lower = byte | 0x20;
  return lower >= ASCII.lowerA && lower <= ASCII.lowerF ? lower - ASCII.lowerA + 10 : -1;
}
