import type { Readable, Writable } from 'node:stream';
import { toSingleLine } from '../../protocol/index.ts';
import { REQUEST_BODY_BYTES_MAX, STDIO_CLIENT_IN_FLIGHT_MAX } from '../../platform/limits.ts';
import { CallerPresence, ConnectionState, type MessageHandler, type Reply } from '../message-handler.ts';
import { readLines } from './line-reader.ts';

export interface StdioServerOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly handler: MessageHandler;
}

export interface StdioTransport {
  /** Resolves when the client closed its end and every answer has been written. */
  readonly finished: Promise<void>;
  /** Reads no further messages. */
  stop(): void;
}

/**
 * Serves one local client over stdio: one JSON-RPC message a line, nothing but
 * messages on `output`. When the client closes its input, the calls that are
 * still running finish under their own deadlines, so that piping one request
 * into the process prints its answer; when it stops reading, they are cancelled.
 */
export function startStdioServer(options: StdioServerOptions): StdioTransport {
  const connection = new ConnectionState();
  const running = new Set<CallerPresence>();
  let ended = false;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const finishWhenIdle = (): void => {
    if (ended && running.size === 0) finish();
  };
  const serve = async (bytes: Buffer): Promise<void> => {
    const presence = new CallerPresence();
    running.add(presence);
    // A client that sends without reading answers is stopped here, by the pipe, and not by our memory.
    if (running.size >= STDIO_CLIENT_IN_FLIGHT_MAX) options.input.pause();
    try {
      const reply = await options.handler.handle({
        bytes,
        transport: 'stdio',
        endpoint: undefined,
        credential: { kind: 'local' },
        headers: {},
        presence,
        connection,
      });
      if (!presence.gone) await write(options.output, reply);
    } finally {
      running.delete(presence);
      if (running.size < STDIO_CLIENT_IN_FLIGHT_MAX && !ended) options.input.resume();
      finishWhenIdle();
    }
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    finishWhenIdle();
  };
  const abandon = (): void => {
    for (const presence of running) presence.leave();
    end();
  };
  readLines(options.input, {
    lineBytesMax: REQUEST_BODY_BYTES_MAX,
    onLine: (line) => void serve(line),
    // The id is somewhere in what was dropped, so the error has none.
    onTooLong: () => void write(options.output, { httpStatus: 413, headers: undefined, body: [TOO_LONG] }),
    onEnd: end,
  });
  options.output.on('error', abandon);
  return {
    finished,
    stop() {
      options.input.pause();
      options.input.removeAllListeners('data');
    },
  };
}

const TOO_LONG = Buffer.from(
  '{"jsonrpc":"2.0","error":{"code":-32600,"message":"The message is larger than allowed."}}',
);
const NEWLINE = Buffer.from('\n');

/** Writes one answer as one line and waits while the client does not read. */
function write(output: Writable, reply: Reply): Promise<void> {
  if (reply.body === undefined) return Promise.resolve();
  const line = Buffer.concat([...reply.body.map(toSingleLine), NEWLINE]);
  return new Promise((resolve) => {
    output.write(line, () => {
      resolve();
    });
  });
}
