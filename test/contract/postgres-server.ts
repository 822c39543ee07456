import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.ts';

/** A server of its own for a test file, on a Unix socket in a folder of its own. */
export interface PostgresServer {
  /** Connects as a superuser, for the test's own questions. */
  readonly adminUrl: string;
  /** A new empty database; its owner is a new user that may create roles, or the superuser. */
  readonly createDatabase: (owner: 'superuser' | 'creator of roles') => Promise<string>;
  /** Runs one statement as the superuser in the database `postgres`. */
  readonly admin: (sql: string) => Promise<Record<string, unknown>[]>;
  /** Ends the server as a crash would, or in order. */
  readonly stop: (mode?: 'immediate' | 'fast') => void;
  readonly start: () => void;
  /** Stops and deletes everything. */
  readonly remove: () => void;
}

/** Starts a server from whatever programs there are; throws, saying what to do, where there are none. */
export function startPostgres(): PostgresServer {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-postgres-'));
  chmodSync(folder, 0o755);
  try {
    return new LocalServer(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

class LocalServer implements PostgresServer {
  readonly adminUrl: string;
  readonly #folder: string;
  readonly #home: string;
  readonly #programs: PostgresPrograms;
  readonly #onExit = (): void => this.remove();
  #isRunning = false;
  #databases = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#programs = findPostgresPrograms(folder);
    this.#home = join(folder, 'home');
    mkdirSync(this.#home, { mode: 0o700 });
    const { uid, gid } = this.#programs;
    if (uid !== undefined && gid !== undefined) chownSync(this.#home, uid, gid);
    this.adminUrl = this.#url('postgres', 'postgres');
    this.#run('initdb', ['-D', this.#data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
    this.start();
    // A test run that ends in an error must not leave a server behind.
    process.once('exit', this.#onExit);
  }

  get #data(): string {
    return join(this.#home, 'data');
  }

  #url(user: string, database: string): string {
    return `postgres://${user}@${encodeURIComponent(this.#home)}/${database}`;
  }

  start(): void {
    if (this.#isRunning) return;
    const options = `-c listen_addresses= -k ${this.#home} -c fsync=off -c max_connections=60`;
    this.#run('pg_ctl', ['-D', this.#data, '-w', '-l', join(this.#home, 'log'), '-o', options, 'start']);
    this.#isRunning = true;
  }

  stop(mode: 'immediate' | 'fast' = 'immediate'): void {
    if (!this.#isRunning) return;
    this.#run('pg_ctl', ['-D', this.#data, '-w', '-m', mode, 'stop']);
    this.#isRunning = false;
  }

  remove(): void {
    process.removeListener('exit', this.#onExit);
    this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async admin(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.adminUrl });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async createDatabase(owner: 'superuser' | 'creator of roles'): Promise<string> {
    this.#databases += 1;
    const database = `test_${String(this.#databases)}`;
    const user = owner === 'superuser' ? 'postgres' : `owner_${String(this.#databases)}`;
    if (user !== 'postgres') await this.admin(`create role ${user} login createrole`);
    await this.admin(`create database ${database} owner ${user}`);
    return this.#url(user, database);
  }

  #run(program: string, args: readonly string[]): void {
    const { folder, env, uid, gid } = this.#programs;
    try {
      // No pipe for pg_ctl: the server would inherit it, and the call would wait for the server's end.
      execFileSync(join(folder, program), args, {
        cwd: this.#home,
        env,
        stdio: ['ignore', 'ignore', program === 'initdb' ? 'pipe' : 'ignore'],
        ...(uid === undefined ? {} : { uid, gid }),
      });
    } catch (error) {
      throw new Error(`${program} failed: ${this.#logTail()}`, { cause: error });
    }
  }

  #logTail(): string {
    try {
      return readFileSync(join(this.#home, 'log'), 'utf8').slice(-2_000);
    } catch {
      return 'no log';
    }
  }
}
