import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../platform/clock.ts';
import {
  HTTP_CONNECTIONS_MAX,
  REQUEST_BODY_BYTES_MAX,
  UNKNOWN_CALLER_BODY_BYTES_MAX,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Credential } from '../../tenancy/principal.ts';
import { CallerPresence, type MessageHandler, type Reply } from '../message-handler.ts';
import { answerEdge, type EdgeProblem } from './edge-answer.ts';
import { FailureLimiter } from './failure-limiter.ts';
import type { HostPolicy } from './host-policy.ts';
import { readBody } from './read-body.ts';
import {
  acceptsJson,
  isJsonContentType,
  readRequestHeaders,
  type RequestHeaders,
} from './request-headers.ts';

/** What else is served beside MCP (health, the admin surface). True when it took the request. */
export type SideRoute = (req: IncomingMessage, res: ServerResponse, path: string) => boolean;

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly handler: MessageHandler;
  readonly hostPolicy: HostPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sideRoute?: SideRoute;
  /** Path of the aggregated endpoint. Default `/mcp`. */
  readonly path?: string;
  /**
   * Whether a credential is good now. Asked only before a large body is read
   * and of an address that sent too much rubbish. Default: any token may be.
   */
  readonly isKnownCaller?: (credential: Credential) => boolean | Promise<boolean>;
  /** Open connections; more are closed at once. Default `HTTP_CONNECTIONS_MAX`. */
  readonly connectionsMax?: number;
}

export interface HttpTransport {
  readonly host: string;
  readonly port: number;
  /** Base URL of the aggregated endpoint. */
  readonly url: string;
  /** No further requests: idle connections close, new requests are told to connect elsewhere. */
  startDraining(): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Node's defaults suit a web site, not a gateway: 300 s for one request lets a
 * client hold a socket for five minutes, and there is no bound on headers that
 * holds on every version (Node 20 silently drops headers past its count).
 */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeout of common load balancers (60 s), so that they close first and never meet a closing socket. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long open connections may take to read their last answer when the server closes. */
const CLOSE_GRACE_MS = 1_000;
/** Up to here Node writes a string from a buffer on its stack; a longer one it would allocate and copy once more. */
const ONE_STRING_BYTES_MAX = 12 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const HEADERS_MAX = 100;
const TARGET_CHARS_MAX = 2048;

/** Starts the POST-only HTTP transport. Rejects when the address cannot be listened on. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpTransport> {
  const front = new HttpFront(options);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: HEADER_BYTES_MAX,
      requireHostHeader: false,
      noDelay: true,
    },
    (req, res) => {
      front.onRequest(req, res);
    },
  );
  server.maxHeadersCount = HEADERS_MAX + 1;
  server.maxConnections = options.connectionsMax ?? HTTP_CONNECTIONS_MAX;
  // Without this listener Node sends `100 Continue` before the size can be refused.
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    front.onRequest(req, res);
  });
  // A proxy request; without this listener Node drops the connection without a word.
  server.on('connect', (_req: IncomingMessage, socket: Duplex) => {
    // Node has taken its own listeners off, and an error without one would end the process.
    socket.on('error', () => {});
    socket.end(`HTTP/1.1 405 Method Not Allowed\r\nAllow: POST\r\n${BARE_END}`, () => socket.destroy());
  });
  // The parser's own refusals (431, 408, 400) carry no body and no echo of the input.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || socket.writableLength > 0) {
      socket.destroy();
      return;
    }
    const status = CLIENT_ERROR_STATUS[error.code ?? ''] ?? '400 Bad Request';
    // Destroyed, not only ended: a client that keeps its own half open would hold the socket for ever.
    socket.end(`HTTP/1.1 ${status}\r\n${BARE_END}`, () => socket.destroy());
  });
  await listen(server, options.host, options.port);
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    host: address.address,
    port: address.port,
    url: `http://${shownHost}:${String(address.port)}${options.path ?? '/mcp'}`,
    startDraining() {
      front.drain();
      server.closeIdleConnections();
    },
    close: () =>
      new Promise((resolve) => {
        front.drain();
        // Answers that are being written get through; whoever does not read is cut off.
        const cancel = options.clock.after(CLOSE_GRACE_MS, () => {
          server.closeAllConnections();
        });
        server.close(() => {
          cancel();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** The end of an answer that is written without Node's help. */
const BARE_END = 'Connection: close\r\nContent-Length: 0\r\n\r\n';

const CLIENT_ERROR_STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Where a request target points. */
type Endpoint = { readonly kind: 'mcp'; readonly upstream: string | undefined } | { readonly kind: 'other' };

class HttpFront {
  readonly #options: HttpServerOptions;
  readonly #path: string;
  readonly #failures: FailureLimiter;
  #draining = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#path = options.path ?? '/mcp';
    this.#failures = new FailureLimiter(() => options.clock.monotonicMs());
  }

  drain(): void {
    this.#draining = true;
  }

  onRequest(req: IncomingMessage, res: ServerResponse): void {
    const headers = readRequestHeaders(req.rawHeaders);
    const target = req.url ?? '';
    const problem = this.#framingProblem(req, headers, target);
    if (problem !== undefined || headers === undefined) {
      this.#refuse(req, res, problem ?? 'bad_request');
      return;
    }
    const query = target.indexOf('?');
    const path = query === -1 ? target : target.slice(0, query);
    const endpoint = this.#endpoint(path);
    if (endpoint.kind === 'other') {
      if (this.#options.sideRoute?.(req, res, path) !== true) this.#refuse(req, res, 'not_found');
      return;
    }
    const refusal = this.#messageProblem(req, headers);
    if (refusal !== undefined) {
      this.#refuse(req, res, refusal);
      return;
    }
    void this.#serve(req, res, { headers, upstream: endpoint.upstream });
  }

  /** What makes the HTTP request itself unacceptable, whatever it asks for. */
  #framingProblem(
    req: IncomingMessage,
    headers: RequestHeaders | undefined,
    target: string,
  ): EdgeProblem | undefined {
    // The parser takes any version in a request line; what follows another one was not written for this parser.
    if (req.httpVersionMajor !== 1) return 'http_version_not_supported';
    // First of all, because Node 20 drops the headers beyond its count in silence: what is there is not what was sent.
    if (req.rawHeaders.length > HEADERS_MAX * 2) return 'too_many_headers';
    if (headers === undefined) return 'bad_request';
    // Absolute-form and authority-form targets name another host than `Host` does.
    if (!target.startsWith('/') || target.length > TARGET_CHARS_MAX) return 'bad_request';
    if (headers.host === undefined) return 'bad_request';
    const encoding = headers.transferEncoding;
    if (encoding !== undefined && (encoding.toLowerCase() !== 'chunked' || req.httpVersionMinor === 0)) {
      return 'bad_request';
    }
    // RFC 9112 §6.3: both together is how requests are smuggled past a front end.
    if (encoding !== undefined && headers.contentLength !== undefined) return 'bad_request';
    if (!this.#options.hostPolicy.isHostAllowed(headers.host)) return 'forbidden_host';
    if (!this.#options.hostPolicy.isOriginAllowed(headers.origin)) return 'forbidden_origin';
    return undefined;
  }

  #endpoint(path: string): Endpoint {
    if (path === this.#path) return { kind: 'mcp', upstream: undefined };
    if (!path.startsWith(`${this.#path}/`)) return { kind: 'other' };
    const name = path.slice(this.#path.length + 1);
    return { kind: 'mcp', upstream: name };
  }

  #messageProblem(req: IncomingMessage, headers: RequestHeaders): EdgeProblem | undefined {
    if (req.method !== 'POST') return 'method_not_allowed';
    if (this.#draining) return 'shutting_down';
    if (!isJsonContentType(headers.contentType)) return 'unsupported_media_type';
    const encoding = headers.contentEncoding;
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return 'unsupported_encoding';
    if (!acceptsJson(headers.accept)) return 'not_acceptable';
    if (headers.contentLength !== undefined && Number(headers.contentLength) > REQUEST_BODY_BYTES_MAX) {
      return 'body_too_large';
    }
    return undefined;
  }

  /** What is held against a request unless its caller turns out to be a known one. */
  #doubt(req: IncomingMessage, { contentLength, transferEncoding }: RequestHeaders): EdgeProblem | undefined {
    if (this.#failures.isOver(req.socket.remoteAddress ?? '')) return 'too_many_bad_requests';
    // A chunked body may become as large as any.
    const isLarge =
      transferEncoding !== undefined || Number(contentLength ?? 0) > UNKNOWN_CALLER_BODY_BYTES_MAX;
    return isLarge ? 'unauthorized' : undefined;
  }

  async #isKnownCaller(credential: Credential): Promise<boolean> {
    if (credential.kind === 'none') return false;
    return (await this.#options.isKnownCaller?.(credential)) ?? true;
  }

  async #serve(
    req: IncomingMessage,
    res: ServerResponse,
    accepted: { readonly headers: RequestHeaders; readonly upstream: string | undefined },
  ): Promise<void> {
    try {
      const doubt = this.#doubt(req, accepted.headers);
      if (doubt !== undefined && !(await this.#isKnownCaller(accepted.headers.credential))) {
        this.#refuse(req, res, doubt);
        return;
      }
      if (req.headers.expect !== undefined) res.writeContinue();
      const body = await readBody(req, REQUEST_BODY_BYTES_MAX);
      if (!body.ok) {
        if (body.problem === 'too_large') this.#refuse(req, res, 'body_too_large');
        else res.destroy();
        return;
      }
      const presence = new CallerPresence();
      res.on('close', () => {
        if (!res.writableFinished) presence.leave();
      });
      const reply = await this.#options.handler.handle({
        bytes: body.bytes,
        transport: 'http',
        endpoint: accepted.upstream,
        credential: accepted.headers.credential,
        headers: accepted.headers.mirrored,
        presence,
      });
      if (presence.gone) return;
      if (reply.httpStatus === 401 || reply.httpStatus === 400) {
        this.#failures.recordFailure(req.socket.remoteAddress ?? '');
      }
      this.#send(res, reply);
    } catch (error) {
      this.#options.logger.error('http_request_failed', {
        error: error instanceof Error ? error.message : 'unknown',
      });
      res.destroy();
    }
  }

  #send(res: ServerResponse, reply: Reply): void {
    const headers: Record<string, string | number> = { ...reply.headers };
    if (this.#draining) headers['connection'] = 'close';
    if (reply.body === undefined) {
      headers['content-length'] = 0;
      res.writeHead(reply.httpStatus, headers);
      res.end();
      return;
    }
    let total = 0;
    for (const part of reply.body) total += part.length;
    headers['content-type'] = 'application/json';
    headers['content-length'] = total;
    res.writeHead(reply.httpStatus, headers);
    const last = reply.body.length - 1;
    const [only] = reply.body;
    if (last === 0 && only !== undefined && total <= ONE_STRING_BYTES_MAX) {
      // As Latin-1 every byte is one character, so Node glues head and body together and hands the socket one string.
      res.end(only.toString('latin1'), 'latin1');
      return;
    }
    if (last > 0) res.cork();
    for (let index = 0; index < last; index += 1) res.write(reply.body[index]);
    res.end(reply.body[last]);
  }

  #refuse(req: IncomingMessage, res: ServerResponse, problem: EdgeProblem): void {
    if (problem !== 'shutting_down') this.#failures.recordFailure(req.socket.remoteAddress ?? '');
    answerEdge(res, problem);
    // What is left of the body is thrown away, so that the answer can be read before the socket closes.
    req.resume();
  }
}
