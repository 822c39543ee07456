import { request as sendRequest } from 'node:http';
import { listenOnLoopback, type LoopbackServer } from '../support/index.ts';

/**
 * A loopback server that adds a bearer token and changes nothing else: the
 * suite cannot send one, and an endpoint without authentication is not what
 * is being judged. `Host` and `Origin` go through as they come, because the
 * suite checks what the server thinks of foreign ones.
 */
export function startBearerShim(target: string, token: string): Promise<LoopbackServer> {
  const { hostname, port, pathname } = new URL(target);
  return listenOnLoopback((incoming, answer) => {
    const outgoing = sendRequest(
      {
        hostname,
        port,
        path: pathname,
        method: incoming.method,
        headers: { ...incoming.headers, authorization: `Bearer ${token}` },
      },
      (received) => {
        answer.writeHead(received.statusCode ?? 502, received.headers);
        received.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    // A client that leaves cancels its call, so its leaving must arrive too.
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
}
