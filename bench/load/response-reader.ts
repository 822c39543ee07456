/** One HTTP/1.1 response as it came from a target. */
export interface RawResponse {
  readonly status: number;
  /** Valid until the next `push`: it may be a view of the receive buffer. */
  readonly body: Buffer;
  readonly keepAlive: boolean;
}

const HEAD_END = Buffer.from('\r\n\r\n');

type BodyPlan = { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' };

interface Head {
  readonly status: number;
  readonly plan: BodyPlan;
  readonly keepAlive: boolean;
}

/**
 * Reads the responses of one keep-alive connection that has at most one
 * request in flight. It knows Content-Length and chunked bodies, which is what
 * the targets send, and throws on anything else rather than guess.
 */
export class ResponseReader {
  #parts: Buffer[] = [];
  #buffered = 0;
  #head: Head | undefined;
  /** Total bytes at which another attempt can succeed; spares joining a large body once per packet. */
  #wanted = 1;

  /** Takes what the socket delivered. Returns the response when it is complete. */
  push(chunk: Buffer): RawResponse | undefined {
    this.#parts.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#wanted) return undefined;
    const [only] = this.#parts;
    const bytes = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    this.#parts = [bytes];

    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd < 0) {
      this.#wanted = this.#buffered + 1;
      return undefined;
    }
    this.#head ??= parseHead(bytes.toString('latin1', 0, headEnd));
    const body = this.#bodyFrom(bytes, headEnd + HEAD_END.length);
    if (body === undefined) return undefined;
    const { status, keepAlive } = this.#head;
    this.#parts = [];
    this.#buffered = 0;
    this.#head = undefined;
    this.#wanted = 1;
    return { status, body, keepAlive };
  }

  #bodyFrom(bytes: Buffer, start: number): Buffer | undefined {
    const plan = this.#head?.plan;
    if (plan?.kind === 'length') {
      this.#wanted = start + plan.bytes;
      if (bytes.length < this.#wanted) return undefined;
      if (bytes.length > this.#wanted) throw new Error('bytes after the response');
      return bytes.subarray(start, this.#wanted);
    }
    const joined = joinChunks(bytes, start);
    if (joined.end === undefined) {
      this.#wanted = Math.max(joined.wanted, bytes.length + 1);
      return undefined;
    }
    if (joined.end !== bytes.length) throw new Error('bytes after the response');
    return joined.body;
  }
}

function parseHead(text: string): Head {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) throw new Error('not an HTTP/1.1 response');
  const lower = text.toLowerCase();
  const keepAlive = !lower.includes('\r\nconnection: close');
  const length = /\r\ncontent-length: *(\d+)/.exec(lower)?.[1];
  if (length !== undefined) return { status, keepAlive, plan: { kind: 'length', bytes: Number(length) } };
  if (lower.includes('\r\ntransfer-encoding: chunked'))
    return { status, keepAlive, plan: { kind: 'chunked' } };
  throw new Error('a response with neither Content-Length nor chunks');
}

interface JoinedChunks {
  readonly body: Buffer;
  /** Where the message ends, once its last chunk is here. */
  readonly end: number | undefined;
  /** Bytes that are needed before it is worth looking again. */
  readonly wanted: number;
}

function joinChunks(bytes: Buffer, start: number): JoinedChunks {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { body: Buffer.alloc(0), end: undefined, wanted: at + 3 };
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a broken chunk size');
    const dataStart = lineEnd + 2;
    const next = dataStart + size + 2;
    if (bytes.length < next) return { body: Buffer.alloc(0), end: undefined, wanted: next };
    if (size === 0) {
      const [only] = parts;
      return {
        body: parts.length === 1 && only !== undefined ? only : Buffer.concat(parts),
        end: next,
        wanted: next,
      };
    }
    parts.push(bytes.subarray(dataStart, dataStart + size));
    at = next;
  }
}
