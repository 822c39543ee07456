import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { EventLog } from './event-log.ts';
import { listenOnLoopback } from './loopback-server.ts';

/** One request that reached the upstream. */
export interface Hit {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON; undefined when it is not JSON. */
  readonly message: RpcMessage | undefined;
}

export interface RpcMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

export interface RawUpstream {
  readonly url: string;
  readonly hits: EventLog<Hit>;
  readonly close: () => Promise<void>;
}

/** Answers one request in whatever way a test needs, also by breaking off. */
export type RawHandler = (hit: Hit, answer: ServerResponse) => void | Promise<void>;

/** A programmable HTTP server that records what reaches it: for faults that no SDK would make. */
export async function rawUpstream(handler: RawHandler): Promise<RawUpstream> {
  const hits = new EventLog<Hit>();
  const server = await listenOnLoopback((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => answer.destroy());
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const hit: Hit = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        message: parseMessage(body),
      };
      hits.push(hit);
      void Promise.resolve(handler(hit, answer)).catch(() => answer.destroy());
    });
  });
  return { url: `${server.origin}/mcp`, hits, close: server.close };
}

function parseMessage(body: string): RpcMessage | undefined {
  try {
    return JSON.parse(body) as RpcMessage;
  } catch {
    return undefined;
  }
}

/** Sends a JSON-RPC result for `hit`. */
export function answerResult(hit: Hit, answer: ServerResponse, result: unknown): void {
  answer.writeHead(200, { 'content-type': 'application/json' });
  answer.end(JSON.stringify({ jsonrpc: '2.0', id: hit.message?.id, result }));
}

const complete = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };

/**
 * Handles what a modern upstream is asked before any tool is called
 * (`server/discover` and the lists), with one tool `act` that takes anything.
 * Returns false for everything else, which is the test's own business.
 */
export function answerPreliminaries(hit: Hit, answer: ServerResponse): boolean {
  switch (hit.message?.method) {
    case 'server/discover':
      answerResult(hit, answer, {
        ...complete,
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'raw-upstream', version: '1.0.0' } },
      });
      return true;
    case 'tools/list':
      answerResult(hit, answer, {
        ...complete,
        tools: [{ name: 'act', description: 'Does what the test says.', inputSchema: { type: 'object' } }],
      });
      return true;
    default:
      return false;
  }
}
