import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  backupFolder,
  checkDatabase,
  databaseOptions,
  exportKeys,
  graduate,
  loadKeys,
  restoreFolder,
} from '../../gateway/index.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { createLogger, type Logger } from '../../platform/logger.ts';
import { EXIT } from './exit-codes.ts';

/** Flags that every `breakwater db` command takes. */
export interface DbFlags {
  readonly data: string;
  readonly json?: boolean;
}

/** Flags of `breakwater db graduate`. */
export interface GraduateFlags extends DbFlags {
  readonly to: string;
}

interface Surroundings {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly env: NodeJS.ProcessEnv;
}

function surroundings(flags: DbFlags): Surroundings {
  return {
    dataDir: resolve(flags.data),
    clock: systemClock,
    logger: createLogger({ nowMs: () => systemClock.nowMs(), level: 'warn' }),
    env: process.env,
  };
}

/** `breakwater db check`: exit code 0 when `serve` could work with the database. */
export async function dbCheck(flags: DbFlags): Promise<number> {
  const report = await checkDatabase({ ...surroundings(flags), ...databaseOptions(process.env) });
  print(flags, report, [
    `PostgreSQL ${report.postgres} (${report.kind}), schema version ${String(report.schemaVersion)}`,
    report.pendingMigrations === 0
      ? 'The schema is as this release made it, and projects are kept apart.'
      : `The next start will apply ${String(report.pendingMigrations)} steps to the schema.`,
    ...rowLines(report.rows),
  ]);
  return EXIT.ok;
}

/** `breakwater db backup FILE`. */
export async function dbBackup(file: string, flags: DbFlags): Promise<number> {
  const { databaseUrl } = databaseOptions(process.env);
  if (databaseUrl !== undefined && databaseUrl !== '') {
    process.stderr.write(
      'breakwater: DATABASE_URL is set: back a server up with its own tools (pg_dump). ' +
        'Unset it to back up the embedded database of --data.\n',
    );
    return EXIT.usage;
  }
  const manifest = await backupFolder({ ...surroundings(flags), file });
  const bytes = manifest.files.reduce((sum, { bytes: size }) => sum + size, 0);
  print(flags, { file: resolve(file), files: manifest.files.length, bytes }, [
    `${resolve(file)} holds ${String(manifest.files.length)} files, ${String(bytes)} bytes before compression.`,
    'The keys of the tokens are in it. Keep it as you would keep them.',
  ]);
  return EXIT.ok;
}

/** `breakwater db restore FILE`. */
export async function dbRestore(file: string, flags: DbFlags): Promise<number> {
  const around = surroundings(flags);
  const manifest = await restoreFolder({ ...around, file: resolve(file) });
  const createdAt = new Date(manifest.createdAtMs).toISOString();
  print(flags, { data: around.dataDir, files: manifest.files.length, created_at: createdAt }, [
    `${around.dataDir} is as it was at ${createdAt}.`,
    'Tokens that were revoked after that are valid again: revoke them once more. Tokens made after it are unknown.',
  ]);
  return EXIT.ok;
}

/** `breakwater db graduate --to URL`. */
export async function dbGraduate(flags: GraduateFlags): Promise<number> {
  const around = surroundings(flags);
  const rows = await graduate({
    ...around,
    target: { ...databaseOptions(process.env), databaseUrl: flags.to },
  });
  print(flags, { rows }, [
    'Copied, and compared row by row:',
    ...rowLines(rows),
    '',
    `Next: DATABASE_URL=… breakwater serve --data ${flags.data}`,
    'With the same --data the tokens stay valid, because their keys are there. A replica without that folder needs',
    `BREAKWATER_TOKEN_PEPPER; "breakwater db keys --data ${flags.data}" prints its value, which is a secret.`,
    `The embedded database in ${around.dataDir} was not changed and is not used any more.`,
  ]);
  return EXIT.ok;
}

/** `breakwater db keys`: prints what makes the tokens of this folder valid elsewhere. */
export function dbKeys(flags: DbFlags): number {
  const { dataDir, env } = surroundings(flags);
  if (!existsSync(join(dataDir, 'keys'))) {
    process.stderr.write(
      `breakwater: there are no keys in ${dataDir}. Where BREAKWATER_TOKEN_PEPPER is set, its value is the key.\n`,
    );
    return EXIT.failed;
  }
  // The folder is what is asked for, whatever the environment has.
  const value = exportKeys(loadKeys(dataDir, { ...env, BREAKWATER_TOKEN_PEPPER: '' }));
  print(flags, { BREAKWATER_TOKEN_PEPPER: value }, [value]);
  return EXIT.ok;
}

function rowLines(rows: Readonly<Record<string, number>>): string[] {
  return Object.entries(rows).map(
    ([table, count]) => `  ${table.padEnd(20)} ${String(count).padStart(10)} rows`,
  );
}

function print(flags: DbFlags, value: object, lines: readonly string[]): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}
