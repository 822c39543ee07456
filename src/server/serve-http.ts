import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { DefinitionError } from '../definitions/index.ts';
import type { MessageHandler } from '../transports/message-handler.ts';
import type { AuthOption } from './server-options.ts';

export interface HttpOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Default `127.0.0.1`, which only this machine reaches. */
  readonly host?: string;
  /** Default `/mcp`. */
  readonly path?: string;
  /** Names the server is reached under, without port. */
  readonly allowedHosts?: readonly string[];
  /** Origins of browser clients. */
  readonly allowedOrigins?: readonly string[];
}

export interface HttpService {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface HttpParts {
  readonly handler: MessageHandler;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly auth: AuthOption | undefined;
}

/** Starts the HTTP transport, which is loaded here: a stdio server should not pay for it. */
export async function serveHttp(
  options: HttpOptions,
  parts: HttpParts,
): Promise<{ readonly url: string; readonly port: number; stop(): void; close(): Promise<void> }> {
  const { createHostPolicy, isLoopbackHost, startHttpServer } = await import('../transports/http/index.ts');
  const host = options.host ?? '127.0.0.1';
  const { auth } = parts;
  if (auth === undefined) {
    throw new DefinitionError(
      'serveHttp',
      'say who may call: `auth: { tokens: […] }`, or `auth: "none"` for this machine only',
    );
  }
  if (auth === 'none' && !isLoopbackHost(host)) {
    throw new DefinitionError(
      'serveHttp',
      '`auth: "none"` is only for a loopback address; give `auth: { tokens: […] }`',
    );
  }
  if (auth !== 'none' && auth.tokens.length === 0) {
    throw new DefinitionError('serveHttp', '`auth.tokens` is empty, so nobody could call');
  }
  const transport = await startHttpServer({
    host,
    port: options.port,
    path: options.path ?? '/mcp',
    handler: parts.handler,
    hostPolicy: createHostPolicy({
      listenHost: host,
      allowedHosts: options.allowedHosts ?? [],
      allowedOrigins: options.allowedOrigins ?? [],
    }),
    clock: parts.clock,
    logger: parts.logger,
  });
  return {
    url: transport.url,
    port: transport.port,
    stop: () => transport.startDraining(),
    close: () => transport.close(),
  };
}
