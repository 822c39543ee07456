import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Hit } from '../raw-upstream.ts';
import type { Act } from './rig.ts';

/** A JSON-RPC response to `hit` as text. */
export function response(hit: Hit, result: object | string): string {
  const text = typeof result === 'string' ? result : JSON.stringify(result);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(hit.message?.id)},"result":${text}}`;
}

export const DONE = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };

/** Writes bytes to the socket where an HTTP answer should be, and ends it unless `isKept`. */
export function bytes(text: string | Buffer | ((hit: Hit) => string), isKept = false): Act {
  return (hit, answer) => {
    const written = typeof text === 'function' ? text(hit) : text;
    answer.socket?.write(written);
    if (!isKept) answer.socket?.end();
  };
}

/** A head with these lines, and a correct JSON body behind it. */
export function head(
  status: string,
  lines: readonly string[],
  change: (body: string) => string = (body) => body,
): Act {
  return bytes((hit) => {
    const body = change(response(hit, DONE));
    return [`HTTP/1.1 ${status}`, 'Content-Type: application/json', ...lines, '', body].join('\r\n');
  });
}

/** An answer with this status and no message in it. */
export function status(code: number, headers: Record<string, string> = {}, body = ''): Act {
  return (_hit, answer) => {
    answer.writeHead(code, headers);
    answer.end(body);
  };
}

/** A JSON answer with exactly this text. */
export function json(make: (hit: Hit) => string | Buffer, headers: Record<string, string> = {}): Act {
  return (hit, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json', ...headers });
    answer.end(make(hit));
  };
}

/** A JSON-RPC message with these members beside `jsonrpc` and the right id. */
export function message(members: string): Act {
  return json((hit) => `{"jsonrpc":"2.0","id":${JSON.stringify(hit.message?.id)},${members}}`);
}

/** A result whose whole HTTP body has exactly `size` bytes. */
export function sized(hit: Hit, size: number): string {
  const empty = response(hit, { ...DONE, content: [{ type: 'text', text: '' }] });
  const text = 'x'.repeat(size - empty.length);
  return response(hit, { ...DONE, content: [{ type: 'text', text }] });
}

/** Sends `chunk` for as long as somebody reads. */
export const endless: Act = (_hit, answer) => {
  answer.writeHead(200, { 'content-type': 'application/json' });
  answer.write('{"x":"');
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const more = (): void => {
    if (answer.destroyed) return;
    if (answer.write(chunk)) setImmediate(more);
    else answer.once('drain', more);
  };
  more();
};

/** 50 KB that unpack to 50 MiB. */
export const gzipBomb: Act = (_hit, answer) => {
  answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  answer.end(gzipSync(Buffer.alloc(50 * 1024 * 1024, ' ')));
};

/** An event stream with exactly these pieces, each written by itself. */
export function stream(pieces: (hit: Hit) => readonly (string | Buffer)[], isKept = false): Act {
  return async (hit, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces(hit)) {
      answer.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (!isKept) answer.end();
  };
}

/** An event stream that says `piece` every few milliseconds and never answers. */
export function chatter(piece: string): Act {
  return repeating({ 'content-type': 'text/event-stream' }, piece);
}

/** A JSON answer that comes one byte at a time and never ends. */
export const trickle: Act = repeating({ 'content-type': 'application/json' }, ' ');

function repeating(headers: Record<string, string>, piece: string): Act {
  return (_hit, answer: ServerResponse) => {
    answer.writeHead(200, headers);
    const timer = setInterval(() => answer.write(piece), 5);
    answer.on('close', () => {
      clearInterval(timer);
    });
    answer.write(piece);
  };
}

/** Says that it is ten bytes shorter than it is, and leaves the socket open. */
export const TOO_SHORT: Act = bytes((hit) => {
  const body = response(hit, DONE);
  const lines = [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Content-Length: ${String(body.length - 10)}`,
  ];
  return [...lines, '', body].join('\r\n');
}, true);
