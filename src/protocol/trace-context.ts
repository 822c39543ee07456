/** W3C Trace Context §3.2: version, trace id, parent id, flags, in lower-case hexadecimal. */
const TRACEPARENT_CHARS = 55;

/**
 * Whether `text` is a `traceparent` that may be used. Later versions may append
 * fields behind a dash; version `ff` and identifiers of zeros are invalid.
 */
export function isTraceparent(text: string): boolean {
  if (text.length < TRACEPARENT_CHARS || text.length > TRACEPARENT_CHARS * 4) return false;
  for (let i = 0; i < TRACEPARENT_CHARS; i++) {
    const isDash = i === 2 || i === 35 || i === 52;
    if (isDash ? text[i] !== '-' : !isLowerHex(text.charCodeAt(i))) return false;
  }
  if (text.startsWith('ff')) return false;
  if (text.length > TRACEPARENT_CHARS && (text.startsWith('00') || text[TRACEPARENT_CHARS] !== '-'))
    return false;
  return !isZeros(text, { start: 3, end: 35 }) && !isZeros(text, { start: 36, end: 52 });
}

/** The trace id of a valid `traceparent`. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}

/** Printable ASCII within the bound: the form that a header value can have. */
export function isHeaderText(text: string, charsMax: number): boolean {
  if (text.length === 0 || text.length > charsMax) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

function isLowerHex(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x66);
}

function isZeros(text: string, range: { start: number; end: number }): boolean {
  for (let i = range.start; i < range.end; i++) {
    if (text[i] !== '0') return false;
  }
  return true;
}
