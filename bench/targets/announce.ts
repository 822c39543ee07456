import type { Server } from 'node:net';

/**
 * Listens on a free loopback port and prints the one line that `startTarget`
 * waits for, in the form that `breakwater serve --json` uses.
 */
export function announceReady(server: Server, path: string): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    printReady(`http://127.0.0.1:${address.port}${path}`);
  });
}

export function printReady(url: string): void {
  process.stdout.write(`${JSON.stringify({ event: 'ready', url })}\n`);
}
