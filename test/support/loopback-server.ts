import { createServer, type RequestListener } from 'node:http';

export interface LoopbackServer {
  readonly origin: string;
  readonly port: number;
  /** Closes the listener and every connection. */
  readonly close: () => Promise<void>;
}

/** An HTTP server on a free port of 127.0.0.1. */
export function listenOnLoopback(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('no TCP address'));
        return;
      }
      resolve({
        port: address.port,
        origin: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
