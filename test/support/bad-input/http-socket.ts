import { connect } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; of two lines with one name the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Exchange {
  /** Final answers, in order. */
  readonly answers: readonly HttpAnswer[];
  /** Statuses of informational answers. */
  readonly interim: readonly number[];
  /** Everything that came back. */
  readonly text: string;
  /** The server closed the connection. */
  readonly isClosed: boolean;
  readonly elapsedMs: number;
}

export interface ExchangeOptions {
  /** How many answers to wait for. Default 1. */
  readonly answers?: number;
  /** Ends our side after sending. */
  readonly halfClose?: boolean;
  /** Sent again and again until the server answers. */
  readonly endless?: Buffer;
  /** Give up after this long. Default 5 s. */
  readonly timeoutMs?: number;
}

/** Sends bytes exactly as they are and reads HTTP/1.1 answers without a client library that would mend or refuse anything. */
export function exchange(
  port: number,
  bytes: Buffer | string,
  options: ExchangeOptions = {},
): Promise<Exchange> {
  const wanted = options.answers ?? 1;
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    let isClosed = false;
    let elapsedMs: number | undefined;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const { answers, interim } = readAnswers(received);
      elapsedMs ??= performance.now() - startedAt;
      resolve({ answers, interim, text: received.toString('latin1'), isClosed, elapsedMs });
    };
    const timer = setTimeout(finish, options.timeoutMs ?? 5_000);
    socket.on('connect', () => {
      if (bytes.length > 0) socket.write(bytes);
      if (options.halfClose === true) socket.end();
      if (options.endless !== undefined) pour(socket, options.endless);
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const { answers } = readAnswers(received);
      if (answers.length < wanted) return;
      elapsedMs ??= performance.now() - startedAt;
      // An answer that announces the end of the connection is followed by it.
      if (answers.at(-1)?.headers['connection'] !== 'close') finish();
    });
    const closed = (): void => {
      isClosed = true;
      finish();
    };
    socket.on('end', closed);
    socket.on('close', closed);
    socket.on('error', () => {});
  });
}

function pour(socket: ReturnType<typeof connect>, chunk: Buffer): void {
  const more = (): void => {
    if (socket.destroyed || !socket.writable) return;
    if (socket.write(chunk)) setImmediate(more);
    else socket.once('drain', more);
  };
  more();
}

function readAnswers(bytes: Buffer): { answers: HttpAnswer[]; interim: number[] } {
  const answers: HttpAnswer[] = [];
  const interim: number[] = [];
  let rest = bytes;
  for (let end = rest.indexOf('\r\n\r\n'); end !== -1; end = rest.indexOf('\r\n\r\n')) {
    const [first = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n');
    const status = Number(first.slice(9, 12));
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const length = Number(headers['content-length'] ?? 0);
    const bodyEnd = end + 4 + length;
    if (status < 200) {
      interim.push(status);
    } else {
      if (rest.length < bodyEnd) break;
      answers.push({ status, headers, body: rest.toString('utf8', end + 4, bodyEnd) });
    }
    rest = rest.subarray(bodyEnd);
  }
  return { answers, interim };
}
