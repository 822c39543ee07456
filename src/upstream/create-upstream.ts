import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { createEgressPool } from './egress/index.ts';
import type { EgressPolicy, Resolve } from './egress/index.ts';
import { checkConfiguredHeaders } from './http/configured-headers.ts';
import { HttpUpstream } from './http/http-upstream.ts';
import { childEnvironment } from './stdio/environment.ts';
import { StdioUpstream } from './stdio/stdio-upstream.ts';
import type { Upstream } from './upstream.ts';

interface CommonOptions {
  /** Name in the configuration; in log lines and outcomes, never sent upstream. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How the gateway introduces itself to upstreams. Default: `breakwater`, version `0`. */
  readonly client?: { readonly name: string; readonly version: string };
}

export interface HttpUpstreamOptions extends CommonOptions {
  /** Checked here and at every connect; anything but an acceptable URL makes an upstream that refuses every call. */
  readonly url: unknown;
  readonly policy: EgressPolicy;
  /** Headers of every request, usually credentials. Must pass `checkConfiguredHeaders`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Name resolution; default: the operating system's. */
  readonly resolve?: Resolve;
  /** Default `CONNECT_TIMEOUT_MS`. */
  readonly connectTimeoutMs?: number;
  /** Certificate authorities to trust instead of the built-in ones, PEM. For an operator's own servers. */
  readonly caPem?: string;
}

export interface StdioUpstreamOptions extends CommonOptions {
  /** Program to start, found through `PATH`; no shell is involved. From the operator's configuration only. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to the few variables that every child gets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Environment to inherit the few variables from. Default: this process's own. */
  readonly ownEnv?: Readonly<Record<string, string | undefined>>;
}

const CLIENT_DEFAULT = { name: 'breakwater', version: '0' } as const;

/**
 * An upstream over Streamable HTTP. Nothing is sent until the first request or
 * `connect`. One upstream belongs to one project and configuration revision:
 * its connections and its session carry that project's credentials.
 * Throws a TypeError when a configured header is not acceptable.
 */
export function createHttpUpstream(options: HttpUpstreamOptions): Upstream {
  const { name, clock, logger, url, policy, resolve, connectTimeoutMs, caPem } = options;
  const headers = checkConfiguredHeaders(options.headers ?? {});
  if (!headers.ok) {
    const [first] = headers.problems;
    throw new TypeError(
      `header ${JSON.stringify(first?.name)} of upstream ${JSON.stringify(name)}: ${first?.reason}`,
    );
  }
  return new HttpUpstream({
    name,
    clock,
    logger,
    client: options.client ?? CLIENT_DEFAULT,
    pool: createEgressPool({ url, policy, resolve, connectTimeoutMs, caPem }),
    configuredHeaders: headers.headers,
  });
}

/** An upstream that runs as a child process. Nothing is started until the first request or `connect`. */
export function createStdioUpstream(options: StdioUpstreamOptions): Upstream {
  const { name, clock, logger, command, cwd } = options;
  const declared = options.env ?? {};
  return new StdioUpstream({
    name,
    clock,
    logger,
    client: options.client ?? CLIENT_DEFAULT,
    command: {
      command,
      args: options.args ?? [],
      env: childEnvironment(options.ownEnv ?? process.env, declared),
      cwd,
    },
    secrets: Object.values(declared),
  });
}
