/**
 * The floor: what `node:http` in and an `undici` pool out cost when nothing is
 * read, checked, limited or recorded. A gateway on Node cannot be cheaper
 * without leaving `node:http`, so CPU is reported as a multiple of this.
 *
 * It uses the dispatcher's raw-header callbacks, the leanest that undici has.
 *
 * Started as a process of its own: `pass-through.process.ts UPSTREAM_URL`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { announceReady } from './announce.ts';

const upstream = new URL(process.argv[2] ?? '');
const pool = new Pool(upstream.origin, { connections: 64, pipelining: 1 });

/** Headers that the specification requires on the upstream leg, as they came. */
const FORWARDED = ['content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name'] as const;

class Relay implements Dispatcher.DispatchHandler {
  readonly #answer: ServerResponse;

  constructor(answer: ServerResponse) {
    this.#answer = answer;
  }

  onConnect(): void {}

  onHeaders(statusCode: number, headers: Buffer[], resume: () => void): boolean {
    const raw: string[] = [];
    for (const field of headers) raw.push(field.toString('latin1'));
    this.#answer.on('drain', resume);
    this.#answer.writeHead(statusCode, raw);
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#answer.write(chunk);
  }

  onComplete(): void {
    this.#answer.end();
  }

  onError(): void {
    if (this.#answer.headersSent) this.#answer.destroy();
    else this.#answer.writeHead(502).end();
  }
}

function forward(request: IncomingMessage, body: Buffer, answer: ServerResponse): void {
  const headers: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  pool.dispatch({ path: upstream.pathname, method: 'POST', headers, body }, new Relay(answer));
}

const server = createServer((request, answer) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [only] = chunks;
    forward(request, chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks), answer);
  });
});
announceReady(server, '/mcp');
