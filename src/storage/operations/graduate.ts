import { GRADUATE_BATCH_ROWS } from '../../platform/limits.ts';
import type { Database, Queryable } from '../database.ts';
import { StorageError } from '../errors.ts';
import { pendingMigrations, readMigrations } from '../migrations/runner.ts';
import { openStorage, type StorageOptions } from '../open.ts';
import { openDatabase } from '../open-database.ts';
import { assertExists } from './check.ts';
import { countRows, identifier, listTables } from './tables.ts';

export interface GraduateOptions extends Pick<StorageOptions, 'clock' | 'logger' | 'env'> {
  /** Data folder of the embedded database. It is locked meanwhile and not changed. */
  readonly dataDir: string;
  /** The server to copy to; its database has no rows of ours yet. */
  readonly target: Pick<StorageOptions, 'databaseUrl' | 'databaseOwnerUrl' | 'isTransactionPooler'>;
}

/** Rows that were copied, by table. */
export type GraduateReport = Readonly<Record<string, number>>;

/**
 * Copies everything of an embedded database to a PostgreSQL server. The target
 * gets the schema by its migrations, and then all rows in one transaction that
 * is committed only after every row was read back and compared by its SHA-256:
 * when anything fails the target has the schema and no row. Rejects with
 * `not_empty` when the target has rows, `migration` when the source is older
 * than this release, `copy_differs` when a row did not read back the same.
 */
export async function graduate(options: GraduateOptions): Promise<GraduateReport> {
  const { clock, logger, env, dataDir } = options;
  assertExists({ clock, logger, dataDir });
  const source = await openDatabase({ clock, logger, env, dataDir }, dataDir);
  try {
    const pending = await source.database.asOwner((connection) =>
      pendingMigrations(connection, readMigrations()),
    );
    if (pending.length > 0) {
      throw new StorageError(
        'migration',
        `The database in ${dataDir} has an older schema. Start this release on it once (breakwater serve), then copy it.`,
      );
    }
    // The keys stay with the data folder; the target needs none to be opened.
    const target = await openStorage({ ...options.target, dataDir: 'memory://', clock, logger });
    try {
      return await copyAll(source.database, target.database);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyAll(source: Database, target: Database): Promise<GraduateReport> {
  return await source.asSystem(async (from) => {
    await from.query(SAME_TEXT);
    return await target.asSystem(async (to) => {
      await to.query(SAME_TEXT);
      const tables = await listTables(from);
      await refuseRows(to, tables);
      const report: Record<string, number> = {};
      for (const table of tables) report[table] = await copyTable(table, from, to);
      for (const table of tables) await compareTable(table, from, to);
      return report;
    });
  });
}

/** Rows travel as text, which two servers write alike only under the same settings; and a large table takes longer than a query may. */
const SAME_TEXT = `select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true),
  set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true),
  set_config('bytea_output', 'hex', true), set_config('statement_timeout', '0', true),
  set_config('idle_in_transaction_session_timeout', '0', true)`;

async function refuseRows(to: Queryable, tables: readonly string[]): Promise<void> {
  const found = await listTables(to);
  const missing = tables.filter((table) => !found.includes(table));
  if (missing.length > 0)
    throw new StorageError('migration', `The target has no table ${missing.join(', ')}.`);
  for (const table of tables) {
    const count = await countRows(to, table);
    if (count === 0) continue;
    throw new StorageError(
      'not_empty',
      `The target database has ${String(count)} rows in ${table}. Copy into an empty database: nothing is merged or overwritten.`,
    );
  }
}

async function copyTable(table: string, from: Queryable, to: Queryable): Promise<number> {
  const name = identifier(table);
  let count = 0;
  for await (const rows of readInBatches(from, `select t::text as value from ${name} t`)) {
    const { rowCount } = await to.query(
      `insert into ${name} select (value::${name}).* from unnest($1::text[]) as u (value)`,
      [rows],
    );
    if (rowCount !== rows.length) throw differs(table);
    count += rowCount;
  }
  return count;
}

/** Compares the digests of all rows in order; equal lists are equal tables, whatever order the rows are stored in. */
async function compareTable(table: string, from: Queryable, to: Queryable): Promise<void> {
  const sql = `select encode(sha256(convert_to(t::text, 'UTF8')), 'hex') collate "C" as value
    from ${identifier(table)} t order by 1`;
  const ours = readInBatches(from, sql);
  const theirs = readInBatches(to, sql);
  for (;;) {
    const [a, b] = [await ours.next(), await theirs.next()];
    if (a.done === true && b.done === true) return;
    if (a.done === true || b.done === true || a.value.join() !== b.value.join()) throw differs(table);
  }
}

function differs(table: string): StorageError {
  return new StorageError(
    'copy_differs',
    `A row of ${table} does not read back from the target as it was written. Nothing was kept there.`,
  );
}

/** Reads the column `value` through a cursor, so that memory holds one batch of a table and not the table. */
async function* readInBatches(tx: Queryable, sql: string): AsyncGenerator<string[]> {
  await tx.query(`declare batches no scroll cursor for ${sql}`);
  for (;;) {
    const { rows } = await tx.query<{ value: string }>(`fetch ${String(GRADUATE_BATCH_ROWS)} from batches`);
    if (rows.length === 0) break;
    yield rows.map(({ value }) => value);
  }
  await tx.query('close batches');
}
