import type { Readable, Writable } from 'node:stream';
import type { MessageHandler } from '../transports/message-handler.ts';
import { startStdioServer } from '../transports/stdio/index.ts';

export interface StdioOptions {
  /** Default `process.stdin` and `process.stdout`. */
  readonly input?: Readable;
  readonly output?: Writable;
}

export interface StdioService {
  /** Resolves when the client has closed its end, every answer is written and the server is closed. */
  readonly finished: Promise<void>;
  close(): Promise<void>;
}

/** Starts the stdio transport. */
export function serveStdio(
  options: StdioOptions,
  handler: MessageHandler,
): { readonly finished: Promise<void>; stop(): void; close(): Promise<void> } {
  const transport = startStdioServer({
    input: options.input ?? process.stdin,
    output: options.output ?? process.stdout,
    handler,
  });
  return { finished: transport.finished, stop: () => transport.stop(), close: () => Promise.resolve() };
}
