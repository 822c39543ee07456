import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { GatewayConfig } from '../config/index.ts';
import { AuditJournal } from '../observability/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { loadKeys } from '../storage/index.ts';
import { createAuthenticator, type Principal } from '../tenancy/index.ts';
import { startStdioServer } from '../transports/index.ts';
import { createJournalSink } from './audit-sink.ts';
import { createCallEngine } from './call-engine.ts';
import { drain } from '../pipeline/index.ts';
import { localProjectId } from './first-project.ts';
import { GATEWAY_IDENTITY } from './identity.ts';
import { ProjectRuntimes } from './project-runtimes.ts';

export interface StdioGatewayOptions {
  readonly config: GatewayConfig;
  readonly dataDir: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly env: NodeJS.ProcessEnv;
}

export interface StdioGateway {
  /** Resolves when the client has closed its end and every answer is written. */
  readonly finished: Promise<void>;
  close(): Promise<void>;
}

/** The token id in the audit rows of the person at this machine, who needs no token. */
const LOCAL_TOKEN_ID = '00000000-0000-7000-8000-000000000000';

/**
 * The gateway for one local client over stdio: the same pipeline, without a
 * database. Its audit goes to the journal of the data folder, from where the
 * next `serve` on that folder takes it into the database; so any number of
 * clients can each start their own, also beside a running gateway.
 */
export async function startStdioGateway(options: StdioGatewayOptions): Promise<StdioGateway> {
  const { config, clock, logger, dataDir } = options;
  const principal: Principal = {
    projectId: localProjectId(dataDir, clock.nowMs()),
    tokenId: LOCAL_TOKEN_ID,
    scopes: new Set(['tools:call', 'tools:read']),
    toolAllowList: undefined,
  };
  const keys = loadKeys(dataDir, options.env);
  const journal = await AuditJournal.open({ folder: join(dataDir, 'journal'), clock, logger });
  const authenticator = createAuthenticator({
    lookup: { lookup: () => Promise.resolve(undefined) },
    pepper: keys.tokenPepper,
    clock,
    localPrincipal: principal,
  });
  const runtimes = new ProjectRuntimes({ config, clock, logger });
  runtimes.warmUp(principal.projectId);
  const { handler, pipeline } = createCallEngine({
    config,
    clock,
    logger,
    identity: GATEWAY_IDENTITY,
    authenticator,
    directory: runtimes,
    audit: createJournalSink({ journal, argumentsKey: keys.auditHashKey }),
  });
  const transport = startStdioServer({ input: options.input, output: options.output, handler });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    transport.stop();
    await drain(pipeline, { clock, drainMs: config.limits.drainMs });
    await runtimes.close();
    pipeline.close();
    journal.close();
  };
  return {
    finished: transport.finished,
    close() {
      closing ??= close();
      return closing;
    },
  };
}
