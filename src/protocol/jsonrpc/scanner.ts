import { isUtf8 } from 'node:buffer';
import { ASCII, byteAt, hexValue, isAsciiAt } from './ascii.ts';
import { KeyTable } from './key-table.ts';
import { scanNumber } from './scan-number.ts';
import type { ScanLimits } from './scan-limits.ts';
import { skipPlain, wordsOf, type Words } from './plain-words.ts';

/** Names and short texts end before this; a run that is longer is likely to be much longer. */
const SHORT_RUN_BYTES = 32;

/** Why a text is not taken at all; the scan stops there. */
export type HardProblem =
  | 'invalid_utf8'
  | 'byte_order_mark'
  | 'syntax'
  | 'too_deep'
  | 'too_many_nodes'
  | 'number_too_long';

/**
 * Members whose place is recorded. The first six are looked for in the
 * outermost object, the others in the object that is the value of `result`.
 */
export const SLOT = {
  jsonrpc: 0,
  id: 1,
  method: 2,
  params: 3,
  result: 4,
  error: 5,
  resultType: 6,
  isError: 7,
  meta: 8,
  ttlMs: 9,
  cacheScope: 10,
} as const;

export type Slot = (typeof SLOT)[keyof typeof SLOT];

const ENVELOPE_NAMES = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'] as const;
const RESULT_NAMES = ['resultType', 'isError', '_meta', 'ttlMs', 'cacheScope'] as const;
const SLOT_COUNT = ENVELOPE_NAMES.length + RESULT_NAMES.length;
const PROTO = '__proto__';

/** What the text is: a whole message, or only the object of a `result` member. */
export type ScanRoot = 'message' | 'result';

const NO_BYTES: Buffer = Buffer.alloc(0);
const NOT_SEEN = 0;
const FAILED = -1;
const DONE = -2;
const OBJECT = 1;
const ARRAY = 2;

/**
 * One pass over the bytes of one JSON text: RFC 8259 well-formedness, the
 * limits, and the extents of the members that the protocol core needs.
 *
 * It is one state machine without recursion, so that depth cannot exhaust the
 * stack, and it is reused for every text, so that the usual message allocates
 * nothing. Texts are scanned synchronously, which is why one instance is enough.
 *
 * A hard problem ends the scan. The other findings (`…Depth`) are only noted,
 * because the text is still JSON and the id of the request can be read from it;
 * each holds the depth of its outermost occurrence, or 0.
 */
export class JsonScanner {
  problem: HardProblem | undefined;
  duplicateKeyDepth: number = NOT_SEEN;
  /** A member named `__proto__`: `Object.assign` of its holder would set a prototype. */
  forbiddenKeyDepth: number = NOT_SEEN;
  /** An integer that a double cannot hold exactly, or a number that becomes Infinity. */
  numberDepth: number = NOT_SEEN;
  /** An escape of half a surrogate pair, which UTF-8 cannot express. */
  surrogateDepth: number = NOT_SEEN;
  /** The object of `result` has no members. */
  resultIsEmpty = true;

  readonly #starts = new Int32Array(SLOT_COUNT);
  readonly #ends = new Int32Array(SLOT_COUNT);
  readonly #keys = new KeyTable(NO_BYTES);
  /** Kind of the container at each depth; depth 0 is the text itself. */
  readonly #kinds: Uint8Array;
  /** Slot of the member that is being scanned at depth 1 and 2, or -1. */
  readonly #slots = new Int32Array(3);
  #bytes = NO_BYTES;
  #words: Words | undefined = undefined;
  #limits: ScanLimits;
  #depth = 0;
  #nodes = 0;
  #keyDepthMax = 0;
  #resultDepth = 0;
  #stringHasEscape = false;

  constructor(limits: ScanLimits) {
    this.#limits = limits;
    this.#kinds = new Uint8Array(limits.depthMax + 1);
  }

  /** Scans `bytes` to the end. False: see `problem`. Limits are at most those of the constructor. */
  scan(bytes: Buffer, limits: ScanLimits, root: ScanRoot): boolean {
    this.#reset(bytes, limits, root);
    const isDone = this.#scanText() === DONE;
    // A scanner that lives as long as the process must not keep the last message alive.
    this.#bytes = NO_BYTES;
    this.#words = undefined;
    this.#keys.reset(NO_BYTES);
    return isDone;
  }

  /** Offset of the value of a member, or -1 when the member is absent. */
  startOf(slot: Slot): number {
    return this.#starts[slot] as number;
  }

  /** Offset behind the value of a member that is present. */
  endOf(slot: Slot): number {
    return this.#ends[slot] as number;
  }

  #reset(bytes: Buffer, limits: ScanLimits, root: ScanRoot): void {
    this.problem = undefined;
    this.duplicateKeyDepth = NOT_SEEN;
    this.forbiddenKeyDepth = NOT_SEEN;
    this.numberDepth = NOT_SEEN;
    this.surrogateDepth = NOT_SEEN;
    this.resultIsEmpty = true;
    this.#starts.fill(-1);
    this.#slots.fill(-1);
    this.#keys.reset(bytes);
    this.#bytes = bytes;
    this.#words = wordsOf(bytes);
    this.#limits = limits;
    this.#depth = 0;
    this.#nodes = 0;
    this.#keyDepthMax = limits.duplicateKeyDepthMax;
    this.#resultDepth = root === 'result' ? 1 : 2;
  }

  #scanText(): number {
    const bytes = this.#bytes;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return this.#fail('byte_order_mark');
    if (!isUtf8(bytes)) return this.#fail('invalid_utf8');
    const start = this.#skipSpace(0);
    // The names of a batch's messages are as critical as those of a single one, and stand one level deeper.
    if (byteAt(bytes, start) === ASCII.openBracket) this.#keyDepthMax += 1;
    return this.#scanValues(start);
  }

  /** Each turn of the loop stands before a value. Ends with DONE or FAILED. */
  #scanValues(start: number): number {
    const bytes = this.#bytes;
    const nodesMax = this.#limits.nodesMax;
    let i = start;
    while (i >= 0) {
      this.#nodes += 1;
      if (this.#nodes > nodesMax) return this.#fail('too_many_nodes');
      const byte = byteAt(bytes, i);
      if (byte === ASCII.quote) {
        i = this.#afterValue(this.#scanString(i + 1));
      } else if (byte === ASCII.openBrace || byte === ASCII.openBracket) {
        i = this.#open(i, byte === ASCII.openBrace ? OBJECT : ARRAY);
      } else {
        i = this.#afterValue(this.#scanScalar(i, byte));
      }
    }
    return i;
  }

  /** Enters a container and returns where its first value stands, or what follows when it is empty. */
  #open(at: number, kind: number): number {
    if (this.#depth === this.#limits.depthMax) return this.#fail('too_deep');
    this.#depth += 1;
    const depth = this.#depth;
    this.#kinds[depth] = kind;
    if (depth <= 2) this.#slots[depth] = -1;
    if (kind === OBJECT && depth <= this.#keyDepthMax) this.#keys.open(depth);
    const i = this.#skipSpace(at + 1);
    if (byteAt(this.#bytes, i) === (kind === OBJECT ? ASCII.closeBrace : ASCII.closeBracket)) {
      this.#depth -= 1;
      return this.#afterValue(i + 1);
    }
    return kind === OBJECT ? this.#scanName(i) : i;
  }

  /** Closes what ends after a value, and returns where the next value stands. */
  #afterValue(end: number): number {
    if (end < 0) return end;
    const bytes = this.#bytes;
    let i = end;
    for (;;) {
      const depth = this.#depth;
      if (depth === 1 || depth === 2) this.#endSlot(depth, i);
      i = this.#skipSpace(i);
      if (depth === 0) return i === bytes.length ? DONE : this.#fail('syntax');
      const byte = byteAt(bytes, i);
      const isObject = this.#kinds[depth] === OBJECT;
      if (byte === ASCII.comma) {
        i = this.#skipSpace(i + 1);
        return isObject ? this.#scanName(i) : i;
      }
      if (byte !== (isObject ? ASCII.closeBrace : ASCII.closeBracket)) return this.#fail('syntax');
      this.#depth = depth - 1;
      i += 1;
    }
  }

  #endSlot(depth: number, end: number): void {
    const slot = this.#slots[depth] as number;
    if (slot >= 0) this.#ends[slot] = end;
  }

  /** A member name and its colon; returns where the value stands. */
  #scanName(at: number): number {
    const bytes = this.#bytes;
    if (byteAt(bytes, at) !== ASCII.quote) return this.#fail('syntax');
    const afterQuote = this.#scanString(at + 1);
    if (afterQuote < 0) return FAILED;
    const slot = this.#stringHasEscape
      ? this.#noteEscapedName(at, afterQuote)
      : this.#noteName(at + 1, afterQuote - 1);
    const colon = this.#skipSpace(afterQuote);
    if (byteAt(bytes, colon) !== ASCII.colon) return this.#fail('syntax');
    const value = this.#skipSpace(colon + 1);
    const depth = this.#depth;
    if (depth <= 2) {
      this.#slots[depth] = slot;
      if (slot >= 0) this.#starts[slot] = value;
    }
    return value;
  }

  #noteName(start: number, end: number): number {
    const bytes = this.#bytes;
    const depth = this.#depth;
    if (end - start === PROTO.length && isAsciiAt(bytes, start, PROTO)) {
      this.forbiddenKeyDepth = outer(this.forbiddenKeyDepth, depth);
    }
    if (depth <= this.#keyDepthMax && !this.#keys.add(depth, start, end)) {
      this.duplicateKeyDepth = outer(this.duplicateKeyDepth, depth);
    }
    const names = this.#namesAt(depth);
    if (names === undefined) return -1;
    for (let k = 0; k < names.length; k++) {
      const name = names[k] as string;
      if (end - start === name.length && isAsciiAt(bytes, start, name)) return this.#slotOf(names, k);
    }
    return -1;
  }

  /** `"\u0069d"` is `id`: a name is compared by what it means, not by how it is spelled. */
  #noteEscapedName(start: number, end: number): number {
    const depth = this.#depth;
    const name = JSON.parse(this.#bytes.toString('utf8', start, end)) as string;
    if (name === PROTO) this.forbiddenKeyDepth = outer(this.forbiddenKeyDepth, depth);
    if (depth <= this.#keyDepthMax && !this.#keys.addDecoded(depth, name)) {
      this.duplicateKeyDepth = outer(this.duplicateKeyDepth, depth);
    }
    const names = this.#namesAt(depth);
    const index = names === undefined ? -1 : names.indexOf(name);
    return names === undefined || index < 0 ? -1 : this.#slotOf(names, index);
  }

  /** The member names that are recorded in the object at `depth`. */
  #namesAt(depth: number): readonly string[] | undefined {
    if (depth > 2) return undefined;
    if (depth === this.#resultDepth && (depth === 1 || this.#slots[1] === SLOT.result)) {
      this.resultIsEmpty = false;
      return RESULT_NAMES;
    }
    return depth === 1 ? ENVELOPE_NAMES : undefined;
  }

  #slotOf(names: readonly string[], index: number): number {
    return names === RESULT_NAMES ? index + ENVELOPE_NAMES.length : index;
  }

  /** From behind the opening quote to behind the closing one. */
  #scanString(start: number): number {
    const bytes = this.#bytes;
    const length = bytes.length;
    let i = start;
    this.#stringHasEscape = false;
    for (;;) {
      const runStart = i;
      while (i < length) {
        const byte = bytes[i] as number;
        if (byte === ASCII.quote || byte === ASCII.backslash || byte < ASCII.space) break;
        i += 1;
        if (i - runStart === SHORT_RUN_BYTES && this.#words !== undefined) i = skipPlain(this.#words, i);
      }
      const byte = byteAt(bytes, i);
      if (byte === ASCII.quote) return i + 1;
      // Controls must be escaped (RFC 8259 §7); -1 is a string without an end.
      if (byte !== ASCII.backslash) return this.#fail('syntax');
      this.#stringHasEscape = true;
      i = this.#scanEscape(i + 1);
      if (i < 0) return FAILED;
    }
  }

  /** From behind the backslash to behind the escape. A surrogate pair is taken as one. */
  #scanEscape(at: number): number {
    const bytes = this.#bytes;
    if (byteAt(bytes, at) !== ASCII.lowerU)
      return isShortEscape(byteAt(bytes, at)) ? at + 1 : this.#fail('syntax');
    const unit = hexUnit(bytes, at + 1);
    if (unit < 0) return this.#fail('syntax');
    const end = at + 5;
    if (unit < 0xd800 || unit > 0xdfff) return end;
    if (unit < 0xdc00 && byteAt(bytes, end) === ASCII.backslash && byteAt(bytes, end + 1) === ASCII.lowerU) {
      const second = hexUnit(bytes, end + 2);
      if (second >= 0xdc00 && second <= 0xdfff) return end + 6;
    }
    this.surrogateDepth = outer(this.surrogateDepth, this.#depth);
    return end;
  }

  #scanScalar(at: number, byte: number): number {
    const bytes = this.#bytes;
    if (byte === ASCII.lowerT && isAsciiAt(bytes, at, 'true')) return at + 4;
    if (byte === ASCII.lowerF && isAsciiAt(bytes, at, 'false')) return at + 5;
    if (byte === ASCII.lowerN && isAsciiAt(bytes, at, 'null')) return at + 4;
    const end = scanNumber(bytes, at);
    if (end < 0) return this.#fail('syntax');
    if (end - at > this.#limits.numberCharsMax) return this.#fail('number_too_long');
    if (!isExactNumber(bytes, at, end)) this.numberDepth = outer(this.numberDepth, this.#depth);
    return end;
  }

  #skipSpace(at: number): number {
    const bytes = this.#bytes;
    const length = bytes.length;
    let i = at;
    while (i < length) {
      const byte = bytes[i] as number;
      if (byte > ASCII.space) break;
      if (
        byte !== ASCII.space &&
        byte !== ASCII.lineFeed &&
        byte !== ASCII.carriageReturn &&
        byte !== ASCII.tab
      ) {
        break;
      }
      i += 1;
    }
    return i;
  }

  #fail(problem: HardProblem): number {
    this.problem = problem;
    return FAILED;
  }
}

function outer(noted: number, depth: number): number {
  const here = depth === 0 ? 1 : depth;
  return noted === NOT_SEEN || here < noted ? here : noted;
}

/** `"\/bfnrt`, the escapes of one character. */
function isShortEscape(byte: number): boolean {
  switch (byte) {
    case ASCII.quote:
    case ASCII.backslash:
    case 0x2f:
    case 0x62:
    case ASCII.lowerF:
    case ASCII.lowerN:
    case 0x72:
    case ASCII.lowerT:
      return true;
    default:
      return false;
  }
}

/** The UTF-16 unit of four hexadecimal digits, or -1. */
function hexUnit(bytes: Buffer, at: number): number {
  let unit = 0;
  for (let k = 0; k < 4; k++) {
    const value = hexValue(byteAt(bytes, at + k));
    if (value < 0) return -1;
    unit = unit * 16 + value;
  }
  return unit;
}

/** Integers up to 15 characters are always exact, so that only longer ones and exponents are converted. */
const EXACT_INTEGER_CHARS = 15;

/**
 * False for an integer literal beyond ±(2^53-1) and for a number that becomes
 * Infinity. Fractions are not judged: 0.1 is rounded as well, and its author
 * knows that.
 */
function isExactNumber(bytes: Buffer, start: number, end: number): boolean {
  let isInteger = true;
  let hasExponent = false;
  for (let k = start; k < end; k++) {
    const byte = bytes[k] as number;
    if (byte === ASCII.dot) isInteger = false;
    else if ((byte | 0x20) === ASCII.lowerE) hasExponent = true;
  }
  if (hasExponent) return Number.isFinite(Number(bytes.toString('latin1', start, end)));
  if (!isInteger || end - start <= EXACT_INTEGER_CHARS) return true;
  return Number.isSafeInteger(Number(bytes.toString('latin1', start, end)));
}
