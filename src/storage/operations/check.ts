import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '../errors.ts';
import { pendingMigrations, readMigrations } from '../migrations/runner.ts';
import type { StorageOptions } from '../open.ts';
import { openDatabase } from '../open-database.ts';
import { checkIsolation } from '../self-check.ts';
import { countRows, listTables } from './tables.ts';

/** What is in a database that has passed its check. */
export interface DatabaseReport {
  readonly kind: 'embedded' | 'server';
  /** As the engine calls itself, `18.4`. */
  readonly postgres: string;
  readonly schemaVersion: number;
  /** Steps of the schema that the next `serve` will apply. */
  readonly pendingMigrations: number;
  /** Rows by table. Empty while the schema has pending steps. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Opens a database without changing it and looks whether this release can work
 * with it: the schema is what the migrations made, projects are kept apart,
 * every table can be read to its end. Rejects with the `StorageError` that
 * `serve` would fail with.
 */
export async function checkDatabase(options: StorageOptions): Promise<DatabaseReport> {
  assertExists(options);
  const opened = await openDatabase(options, options.dataDir);
  const { database } = opened;
  try {
    const migrations = readMigrations();
    const pending = await database.asOwner((connection) => pendingMigrations(connection, migrations));
    const { rows } = await database.asOwner((connection) =>
      connection.query<{ version: string }>(`select current_setting('server_version') as version`),
    );
    const counts: Record<string, number> = {};
    if (pending.length === 0) {
      await checkIsolation(database);
      await database.asSystem(async (tx) => {
        await tx.query(`select set_config('statement_timeout', '0', true)`);
        for (const table of await listTables(tx)) counts[table] = await countRows(tx, table);
      });
    }
    return {
      kind: database.kind,
      postgres: rows[0]?.version ?? '',
      schemaVersion: migrations.length - pending.length,
      pendingMigrations: pending.length,
      rows: counts,
    };
  } finally {
    await opened.close();
  }
}

/** Opening a folder without a database would make one. Throws `folder_unusable`. */
export function assertExists({ databaseUrl, dataDir }: StorageOptions): void {
  if ((databaseUrl ?? '') !== '' || dataDir === undefined || existsSync(join(dataDir, 'db'))) return;
  throw new StorageError(
    'folder_unusable',
    `There is no database in ${dataDir}. Name its data folder with --data.`,
  );
}
