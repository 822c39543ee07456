import { systemClock, type CancelTimer, type Clock } from '../platform/clock.ts';
import {
  CONTROL_RATE_CALLS_DEFAULT,
  PROCESS_IN_FLIGHT_DEFAULT,
  RATE_WINDOW_MS_DEFAULT,
} from '../platform/limits.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import {
  buildPipeline,
  drain,
  MemoryRateLimitStore,
  type Pipeline,
  type PipelinePorts,
} from '../pipeline/index.ts';
import { assertText } from '../definitions/index.ts';
import { createMessageHandler, createRouter, type ServerIdentity } from '../routing/index.ts';
import type { MessageHandler } from '../transports/message-handler.ts';
import { openAudit, type ServerAudit } from './audit/sink.ts';
import { MemoryIdempotencyStore } from './idempotency/memory-store.ts';
import { LocalDirectory } from './local-directory.ts';
import { createMemoryAuthenticator } from './memory-authenticator.ts';
import { serveHttp, type HttpOptions, type HttpService } from './serve-http.ts';
import { serveStdio, type StdioOptions, type StdioService } from './serve-stdio.ts';
import { BREAKER, resolveLimits } from './server-limits.ts';
import type { HandlerPorts, ServerLimits, ServerOptions } from './server-options.ts';
import { HandlerRunner } from './targets/handler-runner.ts';
import { warmUp } from './warm-up.ts';

/** A server made of definitions. Nothing runs until one of the transports is started. */
export interface Server {
  /** Serves the client that started this process, over stdin and stdout. */
  serveStdio(options?: StdioOptions): StdioService;
  /** Serves HTTP. Rejects when `auth` does not say who may call, or the address is taken. */
  serveHttp(options: HttpOptions): Promise<HttpService>;
  /** From message to answer, for a transport of your own: the whole pipeline is behind it. */
  readonly handler: MessageHandler;
  /** Lets running calls finish, within `limits.drainMs`, and closes the audit. Calling it twice returns the same promise. */
  close(): Promise<void>;
}

/**
 * Makes a server of definitions: authentication, validation, rate limit,
 * slots, breaker, deadline, response cap and audit around every call, on every
 * transport. Throws DefinitionError for options that contradict each other,
 * and when the audit file cannot be opened.
 */
export function createServer(options: ServerOptions): Server {
  assertText(options.name, 'server', 'name');
  assertText(options.version, 'server', 'version');
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? createLogger({ nowMs: () => clock.nowMs() });
  const limits = resolveLimits(options.limits);
  const ports: HandlerPorts = { clock, logger, database: options.database, fetch: options.fetch };
  const directory = new LocalDirectory(
    { tools: options.tools ?? [], resources: options.resources ?? [], prompts: options.prompts ?? [] },
    {
      server: options.name,
      runner: new HandlerRunner(ports),
      idempotency: options.idempotency ?? new MemoryIdempotencyStore({ clock }),
      limits,
    },
    options.instructions,
  );
  const identity: ServerIdentity = {
    name: options.name,
    version: options.version,
    ...(options.title === undefined ? {} : { title: options.title }),
  };
  const authenticator = createMemoryAuthenticator(options.auth);
  const audit = openAudit(options.audit, logger);
  const pipeline = buildPipeline({
    ...guardrailPorts({ clock, logger, limits }),
    audit: audit.sink,
    authenticator,
    authorize: { exposedToolName: (call) => directory.allowListName(call.request.subject ?? '') },
    router: createRouter({ directory, identity }),
  });
  const handler = createMessageHandler({ run: pipeline.run, clock, identity });
  return new DefinedServer({ options, handler, pipeline, audit, clock, logger, limits });
}

interface GuardrailFacts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Required<ServerLimits>;
}

function guardrailPorts({
  clock,
  logger,
  limits,
}: GuardrailFacts): Omit<PipelinePorts, 'audit' | 'authenticator' | 'authorize' | 'router'> {
  const slots = {
    projectInFlight: limits.inFlight,
    // All handlers are one server here, so its slots are those of the project.
    upstreamInFlight: limits.inFlight,
    upstreamWaiting: limits.waiting,
    waitMs: limits.waitMs,
  };
  return {
    clock,
    // Whoever allows one project more calls at once must not meet the bound of the process instead.
    admission: { inFlightMax: Math.max(PROCESS_IN_FLIGHT_DEFAULT, 2 * (limits.inFlight + limits.waiting)) },
    rateLimit: {
      store: new MemoryRateLimitStore({ clock }),
      projectLimit: () => limits.rate,
      controlLimit: {
        calls: Math.max(CONTROL_RATE_CALLS_DEFAULT, limits.rate.calls),
        windowMs: RATE_WINDOW_MS_DEFAULT,
      },
    },
    concurrency: { limits: () => slots },
    breaker: { settings: () => BREAKER },
    onInternalError(error, call, place) {
      logger.error('internal_error', {
        request_id: call.request.requestId,
        method: call.request.method,
        place,
        error: error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : 'unknown',
      });
    },
  };
}

interface ServerParts extends GuardrailFacts {
  readonly options: ServerOptions;
  readonly handler: MessageHandler;
  readonly pipeline: Pipeline;
  readonly audit: ServerAudit;
}

class DefinedServer implements Server {
  readonly handler: MessageHandler;
  readonly #parts: ServerParts;
  readonly #transports = new Set<{ stop(): void; close(): Promise<void> }>();
  #closing: Promise<void> | undefined;
  #cancelWarmUp: CancelTimer | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.handler = parts.handler;
  }

  serveStdio(options: StdioOptions = {}): StdioService {
    const transport = serveStdio(options, this.handler);
    this.#started(transport);
    return { finished: transport.finished.then(() => this.close()), close: () => this.close() };
  }

  async serveHttp(options: HttpOptions): Promise<HttpService> {
    const { clock, logger } = this.#parts;
    const { auth } = this.#parts.options;
    const transport = await serveHttp(options, { handler: this.handler, clock, logger, auth });
    this.#started(transport);
    return { url: transport.url, port: transport.port, close: () => this.close() };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #started(transport: { stop(): void; close(): Promise<void> }): void {
    this.#transports.add(transport);
    const { options, clock, logger } = this.#parts;
    this.#cancelWarmUp ??= warmUp(options.tools ?? [], { clock, logger });
  }

  /** Outside in: first nobody can call, last what the calls have used. */
  async #close(): Promise<void> {
    const { pipeline, clock, limits, audit } = this.#parts;
    this.#cancelWarmUp?.();
    for (const transport of this.#transports) transport.stop();
    await drain(pipeline, { clock, drainMs: limits.drainMs });
    await Promise.allSettled([...this.#transports].map((transport) => transport.close()));
    pipeline.close();
    audit.close();
  }
}
