import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A JSON-RPC message as the server received it. */
export interface ReceivedMessage {
  readonly jsonrpc: string;
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
}

export interface ReceivedRequest {
  readonly httpMethod: string;
  readonly headers: IncomingHttpHeaders;
  readonly message: ReceivedMessage;
  /** Resolves when the client has closed the connection of this request before the answer ended. */
  readonly closedEarly: Promise<void>;
}

export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

export interface FakeHttpServer {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** TCP connections so far, whether or not a request came over them. */
  connections(): number;
  /** Requests with a JSON-RPC method, by that method. */
  of(method: string): ReceivedRequest[];
  close(): Promise<void>;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A loopback server whose answers a test writes; with TLS when it gets a certificate. */
export async function startFakeHttpServer(
  answer: Answer,
  certificate?: Certificate,
): Promise<FakeHttpServer> {
  const requests: ReceivedRequest[] = [];
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    void receive(incoming, response).then((request) => {
      requests.push(request);
      answer(request, response);
    });
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/mcp`,
    requests,
    connections: () => connections,
    of: (method) => requests.filter((request) => request.message.method === method),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<ReceivedRequest> {
  const closedEarly = new Promise<void>((resolve) => {
    response.on('close', () => {
      if (!response.writableFinished) resolve();
    });
  });
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const message = (text === '' ? {} : JSON.parse(text)) as ReceivedMessage;
  return { httpMethod: incoming.method ?? '', headers: incoming.headers, message, closedEarly };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function sendResult(request: ReceivedRequest, response: ServerResponse, result: unknown): void {
  sendJson(response, { jsonrpc: '2.0', id: request.message.id, result });
}

export function sendError(
  request: ReceivedRequest,
  response: ServerResponse,
  code: number,
  status = 200,
): void {
  sendJson(response, { jsonrpc: '2.0', id: request.message.id, error: { code, message: 'no' } }, status);
}

const DISCOVERED = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {} },
  instructions: 'Be kind.',
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'fake', version: '1' } },
};

/** A modern server that answers discovery, and everything else with `answer`. */
export function modern(answer: Answer): Answer {
  return (request, response) => {
    if (request.message.method === 'server/discover') sendResult(request, response, DISCOVERED);
    else answer(request, response);
  };
}

export interface LegacyOptions {
  readonly sessionIds?: readonly string[];
  readonly revision?: string;
}

/** A legacy server: refuses what it does not know before its handshake, then answers with `answer`. */
export function legacy(answer: Answer, options: LegacyOptions = {}): Answer {
  let handshakes = 0;
  return (request, response) => {
    const { method } = request.message;
    if (method === 'server/discover') {
      sendJson(response, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Bad Request' } }, 400);
    } else if (method === 'initialize') {
      const sessionId = options.sessionIds?.[handshakes];
      handshakes += 1;
      if (sessionId !== undefined) response.setHeader('Mcp-Session-Id', sessionId);
      sendResult(request, response, {
        protocolVersion: options.revision ?? '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'old', version: '1' },
      });
    } else if (method === 'notifications/initialized') {
      response.writeHead(202).end();
    } else {
      answer(request, response);
    }
  };
}
