import { Pool } from 'undici';
import {
  TIMEOUT_MS_MAX,
  UPSTREAM_CONNECTIONS_MAX,
  UPSTREAM_HEADER_BYTES_MAX,
} from '../../platform/limits.ts';
import { createGuardedConnect } from './guarded-connect.ts';
import type { GuardedConnectOptions } from './guarded-connect.ts';
import { RawHandler } from './raw-handler.ts';
import { checkUrl } from './url-policy.ts';
import type { UrlRefusalCode } from './url-policy.ts';

/** The headers of an answer that somebody reads, by lower-case name; an array when one was given more than once. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Stops one exchange: its socket is destroyed. */
export interface EgressController {
  abort(reason: Error): void;
}

/**
 * Receives one exchange. Either `onResponseEnd` or `onResponseError` ends it;
 * `controller` is missing when it failed before it had a socket.
 */
export interface EgressHandler {
  /** A connection is there and the request is about to be written. */
  onRequestStart(controller: EgressController): void;
  /** Also called for informational (1xx) answers, which the final one follows. */
  onResponseStart(controller: EgressController, status: number, headers: ResponseHeaders): void;
  onResponseData(controller: EgressController, chunk: Buffer): void;
  onResponseEnd(controller: EgressController): void;
  onResponseError(controller: EgressController | undefined, error: Error): void;
}

export interface EgressRequest {
  readonly method: 'POST' | 'DELETE';
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
}

/** The guarded connections to one URL. */
export interface EgressPool {
  /** Queues the exchange; never throws, errors go to the handler. */
  dispatch(request: EgressRequest, handler: EgressHandler): void;
  /** Ends every exchange with an error and closes all sockets. */
  destroy(): Promise<void>;
}

export interface EgressPoolOptions extends GuardedConnectOptions {
  readonly url: unknown;
}

export type EgressPoolResult =
  | { readonly ok: true; readonly pool: EgressPool }
  | { readonly ok: false; readonly code: UrlRefusalCode; readonly reason: string };

/** Longer than any deadline: the call's own signal ends an exchange, these only catch what it cannot see. */
const BACKSTOP_MS = TIMEOUT_MS_MAX + 10_000;

/** Shorter than the five seconds after which common servers close idle sockets. */
const KEEP_ALIVE_MS = 4_000;
const KEEP_ALIVE_MS_MAX = 30_000;

/**
 * The only door to the network. One pool belongs to one upstream, project and
 * configuration revision, so that nothing that sticks to a connection is
 * shared between credentials. Redirects, HTTP/2, cookies, alternative services
 * and proxies do not exist here.
 */
export function createEgressPool(options: EgressPoolOptions): EgressPoolResult {
  const check = checkUrl(options.url, options.policy);
  if (!check.ok) return check;
  const { url, requiresCover } = check;
  const path = url.pathname + url.search;
  const pool = new Pool(url.origin, {
    connect: createGuardedConnect(options, requiresCover),
    connections: UPSTREAM_CONNECTIONS_MAX,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS_MAX,
    headersTimeout: BACKSTOP_MS,
    bodyTimeout: BACKSTOP_MS,
    maxHeaderSize: UPSTREAM_HEADER_BYTES_MAX,
    allowH2: false,
  });
  return {
    ok: true,
    pool: {
      dispatch(request, handler) {
        const { method, body } = request;
        pool.dispatch({ path, method, body, headers: request.headers as string[] }, new RawHandler(handler));
      },
      destroy: () => pool.destroy(),
    },
  };
}
