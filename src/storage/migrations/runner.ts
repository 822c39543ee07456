import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Queryable } from '../database.ts';
import { StorageError } from '../errors.ts';

/** One step of the schema. `checksum` is the SHA-256 of its text in hex. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const FILE_NAME = /^(\d{4})-([a-z0-9-]+)\.sql$/;
/** Any number, as long as nothing else on the server locks with it: the letters of "bwmg". */
const LOCK_KEY = 0x62776d67;

/** The migrations beside this file, in order; the build copies them. Throws when the numbers have a gap. */
export function readMigrations(): readonly Migration[] {
  const folder = new URL('./', import.meta.url);
  const migrations: Migration[] = [];
  for (const file of readdirSync(fileURLToPath(folder)).sort()) {
    const match = FILE_NAME.exec(file);
    if (match === null) continue;
    // A checkout with other line ends is the same migration.
    const sql = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n');
    const checksum = createHash('sha256').update(sql).digest('hex');
    migrations.push({ version: Number(match[1]), name: match[2] ?? '', sql, checksum });
  }
  if (migrations.length === 0 || migrations.some(({ version }, index) => version !== index + 1)) {
    throw new StorageError(
      'migration',
      'The migrations of this installation are incomplete. Install it again.',
    );
  }
  return migrations;
}

/**
 * The steps that this database lacks; nothing is changed. Rejects as `migrate`
 * does when the database is newer than this release or was changed.
 */
export async function pendingMigrations(
  connection: Queryable,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const { rows } = await connection.query<{ found: boolean }>(
    `select to_regclass('schema_migrations') is not null as found`,
  );
  if (rows[0]?.found !== true) return migrations;
  const applied = await connection.query<AppliedRow>(
    'select version, name, checksum from schema_migrations order by version',
  );
  checkApplied(applied.rows, migrations);
  return migrations.slice(applied.rows.length);
}

/**
 * Brings the schema up to date and returns the versions that were applied.
 * Each step is a transaction of its own; an advisory lock makes replicas that
 * start together take turns. Rejects with `migration` when the database is
 * newer than this release, or when a step was changed after it was applied:
 * both mean that code and schema do not belong together.
 */
export async function migrate(connection: Queryable, migrations: readonly Migration[]): Promise<number[]> {
  await connection.query('select pg_advisory_lock($1)', [LOCK_KEY]);
  try {
    await connection.query(
      `create table if not exists schema_migrations (
         version integer primary key, name text not null, checksum text not null,
         applied_at timestamptz not null default now())`,
    );
    const { rows } = await connection.query<AppliedRow>(
      'select version, name, checksum from schema_migrations order by version',
    );
    checkApplied(rows, migrations);
    const applied: number[] = [];
    for (const migration of migrations.slice(rows.length)) {
      await apply(connection, migration);
      applied.push(migration.version);
    }
    return applied;
  } finally {
    await connection.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => undefined);
  }
}

function checkApplied(applied: readonly AppliedRow[], migrations: readonly Migration[]): void {
  if (applied.length > migrations.length) {
    const newest = applied.at(-1);
    throw new StorageError(
      'migration',
      `The database has schema version ${newest?.version}, this release knows ${migrations.length}. ` +
        'Run the release that wrote it, or a newer one.',
    );
  }
  for (const [index, row] of applied.entries()) {
    const ours = migrations[index];
    if (ours?.version !== row.version || ours.checksum !== row.checksum) {
      throw new StorageError(
        'migration',
        `Migration ${row.version} (${row.name}) differs from the one that was applied to this database. ` +
          'Applied migrations are never edited; restore the file or add a new one.',
      );
    }
  }
}

async function apply(connection: Queryable, migration: Migration): Promise<void> {
  try {
    await connection.query('begin');
    await connection.query(migration.sql);
    await connection.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await connection.query('commit');
  } catch (error) {
    await connection.query('rollback').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(
      'migration',
      `Migration ${migration.version} (${migration.name}) failed: ${reason}`,
      {
        cause: error,
      },
    );
  }
}
