/**
 * The upstream that every gateway stands in front of: a tiny MCP responder
 * written straight on `node:net`, because it must answer faster than any
 * gateway can ask. It speaks just enough HTTP/1.1 for honest clients on
 * loopback (keep-alive, Content-Length) and serves both eras.
 *
 * Started as a process of its own: `upstream.process.ts RESULT_BYTES`.
 */
import { createServer, type Socket } from 'node:net';
import { echoResult } from '../echo-result.ts';
import { announceReady } from './announce.ts';

interface RpcMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly protocolVersion?: string };
}

const HEAD_END = Buffer.from('\r\n\r\n');
/** A head longer than this is no client of ours. */
const HEAD_BYTES_MAX = 16 * 1024;

const serverInfo = { name: 'bench-upstream', version: '1.0.0' };
const capabilities = { tools: {} };
const echoTool = {
  name: 'echo',
  description: 'Answers a fixed text.',
  inputSchema: {
    type: 'object',
    properties: { message: { type: 'string' } },
    required: ['message'],
    additionalProperties: false,
  },
};
const cacheable = { resultType: 'complete', ttlMs: 60_000, cacheScope: 'public' };
const results = {
  discover: JSON.stringify({
    ...cacheable,
    supportedVersions: ['2026-07-28'],
    capabilities,
    _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
  }),
  list: JSON.stringify({ ...cacheable, tools: [echoTool] }),
  echo: echoResult(Number(process.argv[2] ?? 200)),
};
const echoBytes = Buffer.from(results.echo, 'latin1');
/** From this size on it is cheaper to write prepared bytes beside the envelope than to encode one string. */
const PREPARED_BYTES_MIN = 4096;

function answer(message: RpcMessage, socket: Socket): void {
  const result = message.id === undefined ? undefined : resultFor(message);
  if (result !== results.echo || echoBytes.length < PREPARED_BYTES_MIN) {
    socket.write(answerText(message, result), 'latin1');
    return;
  }
  const start = `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":`;
  const length = start.length + echoBytes.length + 1;
  socket.cork();
  socket.write(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${start}`,
    'latin1',
  );
  socket.write(echoBytes);
  socket.write('}', 'latin1');
  socket.uncork();
}

function answerText(message: RpcMessage, result: string | undefined): string {
  if (message.id === undefined) return 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';
  const id = JSON.stringify(message.id);
  const body =
    result === undefined
      ? `{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"Method not found"}}`
      : `{"jsonrpc":"2.0","id":${id},"result":${result}}`;
  const status = result === undefined ? '404 Not Found' : '200 OK';
  // Every text of this file is ASCII, so characters are bytes.
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function resultFor(message: RpcMessage): string | undefined {
  switch (message.method) {
    case 'tools/call':
      return message.params?.name === 'echo' ? results.echo : undefined;
    case 'tools/list':
      return results.list;
    case 'server/discover':
      return results.discover;
    case 'initialize':
      return JSON.stringify({ protocolVersion: message.params?.protocolVersion, capabilities, serverInfo });
    case 'ping':
      return '{}';
    default:
      return undefined;
  }
}

/** Answers every complete request in `input`; returns what is left over. */
function consume(input: Buffer, socket: Socket): Buffer {
  let rest = input;
  for (;;) {
    const headEnd = rest.indexOf(HEAD_END);
    if (headEnd < 0) {
      if (rest.length > HEAD_BYTES_MAX) socket.destroy();
      return rest;
    }
    const head = rest.toString('latin1', 0, headEnd);
    if (!head.startsWith('POST ')) {
      socket.write('HTTP/1.1 405 Method Not Allowed\r\nAllow: POST\r\nContent-Length: 0\r\n\r\n');
      rest = rest.subarray(headEnd + HEAD_END.length);
      continue;
    }
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) {
      socket.end('HTTP/1.1 411 Length Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return Buffer.alloc(0);
    }
    const bodyStart = headEnd + HEAD_END.length;
    if (rest.length < bodyStart + length) return rest;
    const message = JSON.parse(rest.toString('utf8', bodyStart, bodyStart + length)) as RpcMessage;
    answer(message, socket);
    rest = rest.subarray(bodyStart + length);
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = consume(pending.length === 0 ? chunk : Buffer.concat([pending, chunk]), socket);
  });
  socket.on('error', () => socket.destroy());
});
announceReady(server, '/mcp');
