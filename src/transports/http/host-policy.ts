/**
 * Which `Host` and `Origin` values a request may carry. Without this a web
 * page on the user's machine could rebind its own name to 127.0.0.1 and talk
 * to the gateway (DNS rebinding; specification, Streamable HTTP, security).
 */
export interface HostPolicy {
  isHostAllowed(host: string | undefined): boolean;
  /** An absent `Origin` is fine: only browsers send one. */
  isOriginAllowed(origin: string | undefined): boolean;
}

export interface HostPolicyOptions {
  /** Address the server listens on. */
  readonly listenHost: string;
  /** Names an operator serves under; `name:port` for that port alone. Empty: only loopback names, or any when not on loopback. */
  readonly allowedHosts: readonly string[];
  /** Full origins of browser clients, for example `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for an address that only this machine reaches. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

interface HostParts {
  readonly name: string;
  /** `:8787`; undefined when there is none. */
  readonly port: string | undefined;
}

/**
 * `name[:port]` in lower case, without the dot that a fully qualified name may
 * end with (RFC 3986 §3.2.2); undefined when it is not of that form.
 */
function hostParts(host: string): HostParts | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(:\d{1,5})?$/i.exec(host);
  return match?.[1] === undefined ? undefined : { name: match[1].toLowerCase(), port: match[2] };
}

export function createHostPolicy(options: HostPolicyOptions): HostPolicy {
  const onLoopback = isLoopbackHost(options.listenHost);
  const hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase()));
  // Nobody can rebind towards a server that already answers to any address;
  // there the token is the guard, and a list of names is the operator's choice.
  const anyHost = hosts.size === 0 && !onLoopback;
  const isConfigured = ({ name, port }: HostParts): boolean =>
    hosts.has(name) || (port !== undefined && hosts.has(name + port));
  // Almost every request names the host of the one before.
  let lastAllowed: string | undefined;
  return {
    isHostAllowed(host) {
      if (host === undefined) return false;
      if (host === lastAllowed) return true;
      const parts = hostParts(host);
      if (parts === undefined) return false;
      const isAllowed = anyHost || isConfigured(parts) || (onLoopback && LOOPBACK_NAMES.has(parts.name));
      if (isAllowed) lastAllowed = host;
      return isAllowed;
    },
    isOriginAllowed(origin) {
      if (origin === undefined) return true;
      const lower = origin.toLowerCase();
      if (origins.has(lower)) return true;
      const match = /^https?:\/\/([^/]+)$/.exec(lower);
      const parts = match?.[1] === undefined ? undefined : hostParts(match[1]);
      if (parts === undefined) return false;
      return LOOPBACK_NAMES.has(parts.name) ? onLoopback : isConfigured(parts);
    },
  };
}
