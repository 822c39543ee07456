import type { Readable } from 'node:stream';

export interface LineReaderOptions {
  /** Bytes of one line, without its newline. A longer one is dropped as it arrives, never buffered. */
  readonly lineBytesMax: number;
  readonly onLine: (line: Buffer) => void;
  readonly onTooLong: () => void;
  readonly onEnd: () => void;
}

const NEWLINE = 0x0a;

/**
 * Splits a byte stream into newline-terminated lines (specification, stdio
 * transport). A carriage return before the newline is whitespace to JSON and
 * is left where it is. The rest without a newline at the end of the stream is
 * a message that was cut off, and is dropped.
 */
export function readLines(stream: Readable, options: LineReaderOptions): void {
  let parts: Buffer[] = [];
  let held = 0;
  let skipping = false;
  const take = (piece: Buffer): void => {
    if (skipping) return;
    if (held + piece.length > options.lineBytesMax) {
      parts = [];
      held = 0;
      skipping = true;
      options.onTooLong();
      return;
    }
    if (piece.length > 0) {
      parts.push(piece);
      held += piece.length;
    }
  };
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      if (!skipping && held > 0)
        options.onLine(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, held));
      parts = [];
      held = 0;
      skipping = false;
    }
    take(chunk.subarray(start));
  });
  stream.on('end', options.onEnd);
  stream.on('error', options.onEnd);
}
