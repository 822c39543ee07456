import { mkdirSync } from 'node:fs';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { PARTITION_INTERVAL_MS } from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import type { Database, OwnedDatabase } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { loadKeys, type StorageKeys } from './keys.ts';
import { migrate, readMigrations } from './migrations/runner.ts';
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
    const toolCalls = createToolCallRepository(database);
    const cancel = keepPartitionsAhead(toolCalls, options);
    await toolCalls.createPartitions();
    let closing: Promise<void> | undefined;
    return {
      database,
      projects: createProjectRepository(database),
      tokens: createTokenRepository({ database, pepper: keys.tokenPepper, clock, logger }),
      toolCalls,
      keys,
      close() {
        cancel();
        closing ??= opened.close();
        return closing;
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function loadKeysOf(options: StorageOptions, dataDir: string | undefined): StorageKeys {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return loadKeys(dataDir, options.env ?? {});
}

interface OpenedDatabase {
  readonly database: OwnedDatabase;
  close(): Promise<void>;
}

async function openDatabase(options: StorageOptions, dataDir: string | undefined): Promise<OpenedDatabase> {
  const { clock, logger, databaseUrl } = options;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const { openServer } = await import('./postgres/open.ts');
    const database = await openServer({ databaseUrl, clock, logger });
    return { database, close: () => database.close() };
  }
  return await openEmbeddedDatabase(options, dataDir);
}

async function openEmbeddedDatabase(
  options: StorageOptions,
  dataDir: string | undefined,
): Promise<OpenedDatabase> {
  const { clock, logger } = options;
  const [{ openEmbedded }, { startMaintenance }, { findSeed }] = await Promise.all([
    import('./pglite/open.ts'),
    import('./pglite/maintenance.ts'),
    import('./pglite/seed.ts'),
  ]);
  let database: OwnedDatabase | undefined;
  const onLost = (): void => {
    // Two writers on one folder destroy it: stop at once, and let every query fail.
    void database?.close();
  };
  const lock = dataDir === undefined ? undefined : await lockFolder(dataDir, { clock, logger, onLost });
  try {
    const seedPath =
      options.seedPath === 'none' ? undefined : (options.seedPath ?? findSeed(readMigrations()));
    const embedded = await openEmbedded({ dataDir, clock, logger, seedPath });
    database = embedded;
    const maintenance = startMaintenance(embedded, { clock, logger });
    return {
      database: embedded,
      close: async () => {
        maintenance.stop();
        await embedded.close();
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** A process that runs for months must make the partitions of later months itself. */
function keepPartitionsAhead(toolCalls: ToolCallRepository, { clock, logger }: StorageOptions): CancelTimer {
  let cancel: CancelTimer = () => {};
  const schedule = (): void => {
    cancel = clock.after(PARTITION_INTERVAL_MS, () => {
      schedule();
      toolCalls.createPartitions().catch((error: Error) => {
        // Rows of a month without a partition go to the default one; nothing is lost.
        logger.warn('audit_partitions_failed', { message: error.message });
      });
    });
  };
  schedule();
  return () => cancel();
}
