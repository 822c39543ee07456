import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayConfig } from '../config/index.ts';
import { AuditFlusher, AuditJournal } from '../observability/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { drain, type Pipeline } from '../pipeline/index.ts';
import { databaseOptions, openStorage, TOKENS_CHANNEL, type Storage } from '../storage/index.ts';
import { createAuthenticator } from '../tenancy/index.ts';
import { createHostPolicy, startHttpServer, type HttpTransport } from '../transports/index.ts';
import { assertNoEnvironmentProxy } from '../upstream/index.ts';
import { createJournalSink } from './audit-sink.ts';
import { createCallEngine } from './call-engine.ts';
import { ensureFirstProject, type FirstProject } from './first-project.ts';
import { createHealthRoute } from './health-route.ts';
import { GATEWAY_IDENTITY } from './identity.ts';
import { startLoopMonitor, type LoopMonitor } from './loop-monitor.ts';
import { ProjectRuntimes } from './project-runtimes.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  /** Folder of the database, the keys and the audit journal; made with mode 0700. */
  readonly dataDir: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default `process.env`; read for `DATABASE_URL` and the token pepper. */
  readonly env: NodeJS.ProcessEnv;
}

export interface Gateway {
  readonly url: string;
  readonly project: FirstProject;
  /** For embedding and tests: the parts behind the endpoint. */
  readonly storage: Storage;
  readonly pipeline: Pipeline;
  /** Writes everything that is still in the audit journal to the database. */
  flushAudit(): Promise<void>;
  /**
   * Stops: no new calls, running ones finish or are cancelled at the drain
   * deadline, the audit is written, upstreams and storage close. Calling it
   * twice returns the same promise.
   */
  close(): Promise<void>;
}

/** Everything that has to be closed again, in the order in which it was opened. */
interface Parts {
  readonly storage: Storage;
  readonly journal: AuditJournal;
  readonly flusher: AuditFlusher;
  readonly runtimes: ProjectRuntimes;
  readonly monitor: LoopMonitor;
  readonly pipeline: Pipeline;
  readonly transport: HttpTransport;
}

/** Starts the gateway; rejects, with everything closed again, when any part cannot start. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, clock, logger, dataDir, env } = options;
  assertNoEnvironmentProxy(env);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const storage = await openStorage({ dataDir, ...databaseOptions(env), clock, logger, env });
  try {
    const project = await ensureFirstProject(storage, {
      dataDir,
      name: config.project,
      nowMs: clock.nowMs(),
    });
    const journal = await AuditJournal.open({ folder: join(dataDir, 'journal'), clock, logger });
    const flusher = new AuditFlusher({ journal, store: storage.toolCalls, clock, logger });
    await flusher.start();
    const authenticator = createAuthenticator({
      lookup: storage.tokens,
      pepper: storage.keys.tokenPepper,
      clock,
    });
    await storage.database.listen(TOKENS_CHANNEL, (tokenId) => {
      authenticator.invalidate(tokenId === '' ? undefined : tokenId);
    });
    const runtimes = new ProjectRuntimes({ config, clock, logger });
    runtimes.warmUp(project.projectId);
    const monitor = startLoopMonitor(clock);
    const { handler, pipeline } = createCallEngine({
      config,
      clock,
      logger,
      identity: GATEWAY_IDENTITY,
      authenticator,
      directory: runtimes,
      audit: createJournalSink({ journal, argumentsKey: storage.keys.auditHashKey }),
      isOverloaded: () => monitor.isOverloaded(),
      wasStalled: () => monitor.wasStalled(),
    });
    const transport = await startHttpServer({
      host: options.host,
      port: options.port,
      path: config.http.path,
      handler,
      hostPolicy: createHostPolicy({
        listenHost: options.host,
        allowedHosts: config.http.allowedHosts,
        allowedOrigins: config.http.allowedOrigins,
      }),
      clock,
      logger,
      sideRoute: createHealthRoute({ isReady: () => !pipeline.admission.isDraining }),
    });
    const parts: Parts = { storage, journal, flusher, runtimes, monitor, pipeline, transport };
    return runningGateway(parts, project, options);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function runningGateway(parts: Parts, project: FirstProject, options: GatewayOptions): Gateway {
  let closing: Promise<void> | undefined;
  return {
    url: parts.transport.url,
    project,
    storage: parts.storage,
    pipeline: parts.pipeline,
    flushAudit: () => parts.flusher.flush(),
    close() {
      closing ??= closeInOrder(parts, options);
      return closing;
    },
  };
}

/** Outside in: first nobody can call, last the database that the others write to. */
async function closeInOrder(parts: Parts, options: GatewayOptions): Promise<void> {
  parts.transport.startDraining();
  await drain(parts.pipeline, { clock: options.clock, drainMs: options.config.limits.drainMs });
  await parts.transport.close();
  await parts.runtimes.close();
  parts.monitor.close();
  parts.pipeline.close();
  await parts.flusher.close();
  parts.journal.close();
  await parts.storage.close();
}
