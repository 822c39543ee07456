import type { OwnedDatabase } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { readMigrations } from './migrations/runner.ts';
import type { StorageOptions } from './open.ts';

/** A database without its repositories: its schema may be older than this release. */
export interface OpenedDatabase {
  readonly database: OwnedDatabase;
  close(): Promise<void>;
}

/** Opens the database that the options name, and changes nothing in it. `dataDir` undefined: in memory. */
export async function openDatabase(
  options: StorageOptions,
  dataDir: string | undefined,
): Promise<OpenedDatabase> {
  const { clock, logger, databaseUrl } = options;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const { openServer } = await import('./postgres/open.ts');
    const database = await openServer({
      databaseUrl,
      ownerUrl: options.databaseOwnerUrl === '' ? undefined : options.databaseOwnerUrl,
      isTransactionPooler: options.isTransactionPooler,
      clock,
      logger,
    });
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
