import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayConfig } from '../config/index.ts';
import { Announcements, AuditFlusher, AuditJournal, type AuditIntent } from '../observability/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { drain, type Pipeline } from '../pipeline/index.ts';
import { clearingIntents, databaseOptions, openStorage, type Storage } from '../storage/index.ts';
import { createHostPolicy, startHttpServer, type HttpTransport } from '../transports/index.ts';
import { assertNoEnvironmentProxy } from '../upstream/index.ts';
import { createSideRoutes } from './admin-surface.ts';
import { createJournalSink } from './audit-sink.ts';
import { createCallEngine } from './call-engine.ts';
import { ensureFirstProject, type FirstProject } from './first-project.ts';
import { GATEWAY_IDENTITY } from './identity.ts';
import { startLoopMonitor, type LoopMonitor } from './loop-monitor.ts';
import { ProjectRuntimes } from './project-runtimes.ts';
import { createTokenAuthenticator } from './token-authenticator.ts';

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
  /** Bounds of the audit journal. Default: those of the journal. */
  readonly journal?: { readonly bytesMax: number; readonly segmentBytes: number };
  /** Make another operator token: the way back in when none is left. Default false. */
  readonly newAdminToken?: boolean;
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
  readonly announcements: Announcements;
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
  const storage = await openStorage({
    dataDir,
    ...databaseOptions(env),
    auditRetentionDays: config.audit.retentionDays,
    clock,
    logger,
    env,
  });
  /** What is open so far, to be closed in reverse when a later part does not start. */
  const opened: (() => Promise<void> | void)[] = [() => storage.close()];
  try {
    const project = await ensureFirstProject(storage, {
      dataDir,
      name: config.project,
      nowMs: clock.nowMs(),
      newAdminToken: options.newAdminToken === true,
    });
    const audit = await startAudit(storage, options);
    const { journal, announcements, flusher } = audit;
    opened.push(
      () => journal.close(),
      () => flusher.close(),
      () => announcements.close(),
    );
    const authenticator = await createTokenAuthenticator(storage, clock);
    const runtimes = new ProjectRuntimes({ config, clock, logger });
    opened.push(() => runtimes.close());
    runtimes.warmUp(project.projectId);
    const monitor = startLoopMonitor(clock);
    opened.push(() => monitor.close());
    const { handler, pipeline } = createCallEngine({
      config,
      clock,
      logger,
      identity: GATEWAY_IDENTITY,
      authenticator,
      directory: runtimes,
      audit: createJournalSink({
        journal,
        argumentsKey: storage.keys.auditHashKey,
        announce: audit.announce,
      }),
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
      isKnownCaller: async (credential) => (await authenticator.authenticate(credential)).ok,
      sideRoute: createSideRoutes({ storage, authenticator, pipeline, runtimes, clock, logger }),
    });
    const parts: Parts = { storage, journal, flusher, announcements, runtimes, monitor, pipeline, transport };
    return runningGateway(parts, project, options);
  } catch (error) {
    for (const close of opened.toReversed()) await close();
    throw error;
  }
}

interface StartedAudit extends Pick<Parts, 'journal' | 'announcements' | 'flusher'> {
  /** Set when calls are announced in the database instead of the journal. */
  readonly announce: ((intent: AuditIntent) => Promise<void>) | undefined;
}

/** The journal, what moves it into the database, and what closes calls that a dead process left open. */
async function startAudit(storage: Storage, options: GatewayOptions): Promise<StartedAudit> {
  const { clock, logger, config, dataDir } = options;
  const journal = await AuditJournal.open({
    folder: join(dataDir, 'journal'),
    clock,
    logger,
    ...options.journal,
  });
  const isInDatabase = config.audit.durability === 'database';
  const announcements = new Announcements({
    store: storage.callIntents,
    clock,
    logger,
    isInUse: isInDatabase,
  });
  const store = isInDatabase ? clearingIntents(storage.toolCalls, storage.callIntents) : storage.toolCalls;
  const flusher = new AuditFlusher({ journal, store, clock, logger });
  await flusher.start();
  announcements.start();
  return {
    journal,
    announcements,
    flusher,
    announce: isInDatabase ? (intent) => announcements.announce(intent) : undefined,
  };
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
  parts.announcements.close();
  await parts.flusher.close();
  parts.journal.close();
  await parts.storage.close();
}
