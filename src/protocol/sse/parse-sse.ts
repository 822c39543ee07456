const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

export type SseFeed =
  /** The data of each event that the chunk completed, in order. Views of the input where possible. */
  | { readonly ok: true; readonly events: readonly Buffer[] }
  /** An event is larger than the bound. The parser stays in this state. */
  | { readonly ok: false; readonly problem: 'event_too_large' };

const TOO_LARGE: SseFeed = { ok: false, problem: 'event_too_large' };

export interface SseParser {
  /** Takes the next bytes of the stream, cut anywhere. The chunk must not be changed afterwards. */
  feed(chunk: Buffer): SseFeed;
}

/** A growing byte buffer; doubles, so that a stream of single bytes costs linear time and no list of pieces. */
class Accumulator {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Buffer): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2, 1024));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = needed;
  }

  /** What was collected. The accumulator starts anew with memory of its own. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    return taken;
  }
}

const LINE_END = Buffer.from('\n');

/**
 * Incremental parser of a server-sent-event stream (WHATWG HTML §9.2.6), as an
 * upstream uses it to answer a POST. Only the data of events of type `message`
 * comes out: comments, `id` and `retry` are skipped, because a broken stream
 * is a lost request here and is never resumed. An event that the end of the
 * stream cuts off is dropped, as the standard says.
 */
class Parser implements SseParser {
  readonly #eventBytesMax: number;
  /** The line that the last chunk ended in. */
  readonly #partial = new Accumulator();
  /** A single data line is kept as a view, and copied only when a second one follows. */
  #data: Buffer | undefined;
  readonly #joined = new Accumulator();
  #isMessage = true;
  #isFirstLine = true;
  /** The last line ended with CR, so that an LF right behind belongs to it, even in the next chunk. */
  #skipsLineFeed = false;
  #hasOverflown = false;
  #events: Buffer[] = [];

  constructor(eventBytesMax: number) {
    this.#eventBytesMax = eventBytesMax;
  }

  feed(chunk: Buffer): SseFeed {
    if (this.#hasOverflown) return TOO_LARGE;
    this.#events = [];
    let start = 0;
    let nextReturn = -1;
    let nextFeed = -1;
    while (start < chunk.length) {
      if (this.#skipsLineFeed) {
        this.#skipsLineFeed = false;
        if (chunk[start] === LINE_FEED) {
          start += 1;
          continue;
        }
      }
      // Remembered while they lie ahead: a chunk with one kind of line end must not be searched for the other at each line.
      if (nextReturn < start) nextReturn = indexOrEnd(chunk, CARRIAGE_RETURN, start);
      if (nextFeed < start) nextFeed = indexOrEnd(chunk, LINE_FEED, start);
      const end = Math.min(nextReturn, nextFeed);
      const piece = chunk.subarray(start, end);
      if (this.#pendingBytes() + piece.length > this.#eventBytesMax) return this.#overflow();
      if (end === chunk.length) {
        this.#partial.append(piece);
        break;
      }
      this.#skipsLineFeed = chunk[end] === CARRIAGE_RETURN;
      this.#endLine(piece);
      start = end + 1;
    }
    return { ok: true, events: this.#events };
  }

  /** Bytes held for the event that is being collected, its line ends included. */
  #pendingBytes(): number {
    return (
      this.#partial.length + this.#joined.length + (this.#data === undefined ? 0 : this.#data.length + 1)
    );
  }

  #overflow(): SseFeed {
    this.#hasOverflown = true;
    this.#partial.take();
    this.#joined.take();
    this.#data = undefined;
    this.#events = [];
    return TOO_LARGE;
  }

  #endLine(piece: Buffer): void {
    let line = piece;
    if (this.#partial.length > 0) {
      this.#partial.append(piece);
      line = this.#partial.take();
    }
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) line = line.subarray(3);
    }
    if (line.length === 0) this.#endEvent();
    else this.#readField(line);
  }

  #readField(line: Buffer): void {
    const colon = line.indexOf(COLON);
    const nameEnd = colon < 0 ? line.length : colon;
    const valueStart = colon < 0 ? line.length : colon + (line[colon + 1] === SPACE ? 2 : 1);
    if (isName(line, nameEnd, 'data')) this.#addData(line.subarray(valueStart));
    else if (isName(line, nameEnd, 'event')) {
      const type = line.subarray(valueStart);
      this.#isMessage = type.length === 0 || isName(type, type.length, 'message');
    }
  }

  #addData(value: Buffer): void {
    if (this.#joined.length > 0) {
      this.#joined.append(LINE_END);
      this.#joined.append(value);
    } else if (this.#data === undefined) {
      this.#data = value;
    } else {
      this.#joined.append(this.#data);
      this.#joined.append(LINE_END);
      this.#joined.append(value);
      this.#data = undefined;
    }
  }

  #endEvent(): void {
    const data = this.#joined.length > 0 ? this.#joined.take() : this.#data;
    // Without data there is no event; servers send such ones to announce an id.
    if (data !== undefined && data.length > 0 && this.#isMessage) this.#events.push(data);
    this.#data = undefined;
    this.#isMessage = true;
  }
}

/**
 * Creates a parser for one stream. `eventBytesMax` bounds what one event may
 * hold, line by line and in sum; it must be a positive integer.
 */
export function createSseParser(options: { eventBytesMax: number }): SseParser {
  if (!Number.isSafeInteger(options.eventBytesMax) || options.eventBytesMax < 1) {
    throw new RangeError('eventBytesMax must be a positive integer');
  }
  return new Parser(options.eventBytesMax);
}

function indexOrEnd(chunk: Buffer, byte: number, from: number): number {
  const index = chunk.indexOf(byte, from);
  return index < 0 ? chunk.length : index;
}

function isName(line: Buffer, end: number, name: string): boolean {
  if (end !== name.length) return false;
  for (let i = 0; i < end; i++) {
    if (line[i] !== name.charCodeAt(i)) return false;
  }
  return true;
}
