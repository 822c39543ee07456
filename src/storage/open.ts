import { mkdirSync } from 'node:fs';
import type { IntentStore } from '../observability/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AUDIT_RETENTION_DAYS_DEFAULT } from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import type { Database, OwnedDatabase } from './database.ts';
import { loadKeys, type StorageKeys } from './keys.ts';
import { migrate, readMigrations } from './migrations/runner.ts';
import { type Administration, createAdministration } from './repositories/administration.ts';
import { openDatabase } from './open-database.ts';
import { startUpkeep } from './operations/upkeep.ts';
import { createIntentStore } from './repositories/call-intents.ts';
import { createProjectRepository, type ProjectRepository } from './repositories/projects.ts';
import { createTokenRepository, type TokenRepository } from './repositories/tokens.ts';
import { createToolCallRepository, type ToolCallRepository } from './repositories/tool-calls.ts';
import { checkIsolation } from './self-check.ts';

/** Channel on which the database tells of changed tokens: the token id, or `''` for "any". */
export const TOKENS_CHANNEL = 'bw_tokens';

/** The data folder that keeps everything in memory, for tests. */
const MEMORY = 'memory://';

export interface StorageOptions {
  /**
   * Folder of the embedded database and of the keys, made with mode 0700.
   * `memory://`: nothing is kept. May be left out with a `databaseUrl` and the
   * token pepper in the environment.
   */
  readonly dataDir?: string | undefined;
  /** `postgres://…`: use this server instead of the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** The same server as the user that owns the database; without it the user of `databaseUrl` must. */
  readonly databaseOwnerUrl?: string | undefined;
  /** `databaseUrl` leads to a transaction pooler (`DATABASE_POOLER=transaction`). */
  readonly isTransactionPooler?: boolean | undefined;
  /** Default `AUDIT_RETENTION_DAYS_DEFAULT`. */
  readonly auditRetentionDays?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Read for the token pepper. Default: empty. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** A prepared database for the first start. Default: the one that the build made, if it fits; `'none'`: no seed. */
  readonly seedPath?: string | undefined;
}

/** Everything that is stored, ready for use. */
export interface Storage {
  readonly database: Database;
  readonly projects: ProjectRepository;
  readonly tokens: TokenRepository;
  readonly toolCalls: ToolCallRepository;
  /** Calls that were announced and have not ended, for the durability `database`. */
  readonly callIntents: IntentStore;
  /** What the admin surface reads and changes; every change is recorded. */
  readonly administration: Administration;
  readonly keys: StorageKeys;
  /** Closes the database and gives the data folder back. Calling it twice returns the same promise. */
  close(): Promise<void>;
}

/**
 * Opens the database, brings its schema up to date and proves that projects
 * are kept apart. Rejects with a `StorageError` whose message says what to do,
 * with everything closed again.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { clock, logger } = options;
  const dataDir = options.dataDir === MEMORY ? undefined : options.dataDir;
  const keys = loadKeysOf(options, dataDir);
  const opened = await openDatabase(options, dataDir);
  const { database } = opened;
  try {
    const applied = await database.asOwner((connection) => migrate(connection, readMigrations()));
    if (applied.length > 0) logger.info('database_migrated', { versions: applied.join(',') });
    await checkIsolation(database);
    await warnOfOwner(database, logger);
    const toolCalls = createToolCallRepository(database);
    await toolCalls.createPartitions();
    const upkeep = startUpkeep({
      database,
      createPartitions: () => toolCalls.createPartitions(),
      retentionDays: options.auditRetentionDays ?? AUDIT_RETENTION_DAYS_DEFAULT,
      clock,
      logger,
    });
    let closing: Promise<void> | undefined;
    return {
      database,
      projects: createProjectRepository(database),
      tokens: createTokenRepository({ database, pepper: keys.tokenPepper, clock, logger }),
      toolCalls,
      callIntents: createIntentStore(database),
      administration: createAdministration({ database, pepper: keys.tokenPepper, clock }),
      keys,
      close() {
        upkeep.stop();
        closing ??= opened.close();
        return closing;
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Not refused, because many hosted databases give one user only; what it means is in docs/operating/postgres.md. */
async function warnOfOwner(database: OwnedDatabase, logger: Logger): Promise<void> {
  const { rows } = await database.query<{ owns: boolean }>(
    `select pg_has_role(session_user, 'bw_owner', 'member') as owns`,
  );
  if (rows[0]?.owns === true) {
    logger.warn('database_user_is_owner', {
      message: 'A statement of a tool could take the rights of the owner. Set DATABASE_OWNER_URL.',
    });
  }
}

function loadKeysOf(options: StorageOptions, dataDir: string | undefined): StorageKeys {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return loadKeys(dataDir, options.env ?? {});
}
