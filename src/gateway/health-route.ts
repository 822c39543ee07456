import type { SideRoute } from '../transports/index.ts';

/** `/healthz`: the process answers. `/readyz`: it also takes calls; 503 while it drains. */
export function createHealthRoute(options: { readonly isReady: () => boolean }): SideRoute {
  return (req, res, path) => {
    if (path !== '/healthz' && path !== '/readyz') return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') return false;
    const isReady = path === '/healthz' || options.isReady();
    const body = JSON.stringify(isReady ? { status: 'ok' } : { status: 'draining' });
    res.writeHead(isReady ? 200 : 503, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    });
    res.end(req.method === 'HEAD' ? undefined : body);
    return true;
  };
}
