export interface LineHandler {
  /** One line without its newline; never empty. May be a view of a received chunk. */
  onLine(line: Buffer): void;
  /** A line that was longer than allowed: its first and its last bytes, the rest is gone. */
  onLongLine(start: Buffer, end: Buffer): void;
  /** Bytes of the current over-long line that were thrown away so far. */
  onDiscard(bytes: number): void;
}

const NEWLINE = 0x0a;

/** Kept of an over-long line, at each end: enough to find the id of the message. */
const EDGE_BYTES = 512;

/**
 * Cuts a byte stream into lines (transports/stdio.mdx: one message per line)
 * and holds at most `lineBytesMax()` bytes, asked for every line anew, because
 * the bound follows from the requests in flight. What is longer is thrown away
 * up to its newline without being kept.
 */
export class LineReader {
  readonly #handler: LineHandler;
  readonly #lineBytesMax: () => number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #start: Buffer | undefined;
  #end: Buffer = Buffer.alloc(0);

  constructor(handler: LineHandler, lineBytesMax: () => number) {
    this.#handler = handler;
    this.#lineBytesMax = lineBytesMax;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#append(chunk.subarray(from, at));
      this.#finishLine();
      from = at + 1;
    }
    if (from < chunk.length) this.#append(chunk.subarray(from));
  }

  #append(part: Buffer): void {
    if (part.length === 0) return;
    this.#bytes += part.length;
    if (this.#start !== undefined) return this.#discard(part);
    this.#parts.push(part);
    if (this.#bytes > this.#lineBytesMax()) {
      const held = Buffer.concat(this.#parts);
      this.#parts = [];
      // Copies: a view would keep the whole of what was just given up.
      this.#start = Buffer.from(held.subarray(0, EDGE_BYTES));
      this.#discard(held);
    }
  }

  #discard(part: Buffer): void {
    const end = part.length >= EDGE_BYTES ? part : Buffer.concat([this.#end, part]);
    this.#end = Buffer.from(end.subarray(-EDGE_BYTES));
    this.#handler.onDiscard(this.#bytes);
  }

  #finishLine(): void {
    const { length } = this.#parts;
    const first = this.#parts[0];
    const start = this.#start;
    const line = length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    const end = this.#end;
    this.#parts = [];
    this.#bytes = 0;
    this.#start = undefined;
    this.#end = Buffer.alloc(0);
    if (start !== undefined) this.#handler.onLongLine(start, end);
    else if (line.length > 0) this.#handler.onLine(line);
  }
}
