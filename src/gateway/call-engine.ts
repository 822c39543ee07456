import type { GatewayConfig } from '../config/index.ts';
import type { Clock } from '../platform/clock.ts';
import {
  BREAKER_PROBE_LEASE_MS,
  CONTROL_RATE_CALLS_DEFAULT,
  RATE_WINDOW_MS_DEFAULT,
} from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import { buildPipeline, MemoryRateLimitStore, type AuditSink, type Pipeline } from '../pipeline/index.ts';
import { createMessageHandler, createRouter, type Directory, type ServerIdentity } from '../routing/index.ts';
import type { Authenticator } from '../tenancy/index.ts';
import type { MessageHandler } from '../transports/index.ts';

export interface CallEngineOptions {
  readonly config: GatewayConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: ServerIdentity;
  readonly authenticator: Authenticator;
  readonly directory: Directory;
  readonly audit: AuditSink;
  /** True while the process is at its limit. */
  readonly isOverloaded?: () => boolean;
  /** True when the event loop itself stood still, so that a deadline that fired says nothing about the upstream. */
  readonly wasStalled?: () => boolean;
}

/** The part that every form of the gateway shares: from a message to its answer. */
export interface CallEngine {
  readonly handler: MessageHandler;
  readonly pipeline: Pipeline;
}

/** Builds the one pipeline of the process and the JSON-RPC layer on top of it. */
export function createCallEngine(options: CallEngineOptions): CallEngine {
  const { config, clock, directory, logger } = options;
  const { rate, concurrency, breaker } = config.limits;
  const pipeline = buildPipeline({
    clock,
    audit: options.audit,
    admission: options.isOverloaded === undefined ? {} : { isOverloaded: options.isOverloaded },
    authenticator: options.authenticator,
    authorize: {
      exposedToolName: (call) =>
        directory
          .view(call.principal.projectId, call.request.endpoint)
          ?.allowListName(call.request.subject ?? ''),
    },
    router: createRouter({ directory, identity: options.identity }),
    rateLimit: {
      store: new MemoryRateLimitStore({ clock }),
      projectLimit: () => rate,
      controlLimit: { calls: CONTROL_RATE_CALLS_DEFAULT, windowMs: RATE_WINDOW_MS_DEFAULT },
    },
    concurrency: {
      limits: () => ({
        projectInFlight: concurrency.perProject,
        upstreamInFlight: concurrency.perUpstream,
        upstreamWaiting: concurrency.waiting,
        waitMs: concurrency.waitMs,
      }),
    },
    breaker: {
      settings: () => ({ ...breaker, probeLeaseMs: BREAKER_PROBE_LEASE_MS }),
      ...(options.wasStalled === undefined ? {} : { wasStalled: options.wasStalled }),
    },
    onInternalError(error, call, place) {
      logger.error('internal_error', {
        request_id: call.request.requestId,
        place,
        error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
      });
    },
  });
  const handler = createMessageHandler({ run: pipeline.run, clock, identity: options.identity });
  return { handler, pipeline };
}
