import { type Command, Option } from 'commander';
import type { DbFlags, GraduateFlags } from './db.ts';

const DATA = ['-d, --data <dir>', 'data folder', '.breakwater'] as const;
const JSON_FLAG = ['--json', 'print one JSON object'] as const;

/** Adds `breakwater db …`, which works on a database that no gateway serves. */
export function addDbCommands(program: Command): void {
  const db = program.command('db').description('Look after the database.');
  db.command('check')
    .description('Open the database, check its schema and isolation, and count its rows.')
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(async (flags: DbFlags) => {
      process.exitCode = await (await import('./db.ts')).dbCheck(flags);
    });
  db.command('backup <file>')
    .description('Write the whole data folder (database, keys, journal) to a new .tar.gz.')
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(async (file: string, flags: DbFlags) => {
      process.exitCode = await (await import('./db.ts')).dbBackup(file, flags);
    });
  db.command('restore <file>')
    .description('Make a data folder from a backup. The folder must be missing or empty.')
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(async (file: string, flags: DbFlags) => {
      process.exitCode = await (await import('./db.ts')).dbRestore(file, flags);
    });
  db.command('graduate')
    .description('Copy the embedded database to an empty PostgreSQL server and compare every row.')
    .addOption(new Option('--to <url>', 'postgres://… of the server').makeOptionMandatory())
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(async (flags: GraduateFlags) => {
      process.exitCode = await (await import('./db.ts')).dbGraduate(flags);
    });
  db.command('keys')
    .description(
      'Print the value of BREAKWATER_TOKEN_PEPPER with which the tokens of this folder are valid. A secret.',
    )
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(async (flags: DbFlags) => {
      process.exitCode = (await import('./db.ts')).dbKeys(flags);
    });
}
