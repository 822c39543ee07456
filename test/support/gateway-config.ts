import type { StdioLaunch } from './reference-servers.ts';

/** An upstream as a test names it: a URL, or a stdio server to start. */
export type UpstreamEntry =
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  | StdioLaunch;

/**
 * A `breakwater.json` for tests: the given upstreams, loopback allowed as a
 * destination (it is refused by default), and defaults for everything that
 * `rest` does not say.
 */
export function gatewayConfig(servers: Readonly<Record<string, UpstreamEntry>>, rest: object = {}): object {
  return { egress: { allow: ['127.0.0.0/8'] }, mcpServers: servers, ...rest };
}
