import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type CancelTimer, type Clock, sleep } from '../platform/clock.ts';
import { FOLDER_LOCK_HEARTBEAT_MS, FOLDER_LOCK_STALE_MS } from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import {
  createProcessIdentity,
  livenessOf,
  type ProcessIdentity,
  parseProcessIdentity,
} from '../platform/process-identity.ts';
import { StorageError } from './errors.ts';

/** Exclusive use of a data folder. */
export interface FolderLock {
  /** Gives the folder back. Calling it twice does nothing. */
  release(): Promise<void>;
}

export interface FolderLockOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called once when another process has taken the folder: this one must stop writing at once. */
  readonly onLost: () => void;
}

const LOCK_FILE = 'lock.json';

/**
 * Takes a data folder for this process. The engine itself does not lock: two
 * processes on one folder both acknowledge their writes, and those of one are
 * gone. Two locks cover each other's gaps: an abstract socket (Linux) is given
 * back by the kernel even after `kill -9`, but reaches only as far as the
 * network namespace; a file with a heartbeat reaches every container that
 * mounts the folder, but takes `FOLDER_LOCK_STALE_MS` to notice a death on
 * another host. Rejects with `folder_in_use`.
 */
export async function lockFolder(folder: string, options: FolderLockOptions): Promise<FolderLock> {
  const socket = await bindAbstractSocket(folder);
  try {
    const file = new LockFile(folder, options);
    await file.acquire();
    return {
      release: async () => {
        file.release();
        await closeServer(socket);
      },
    };
  } catch (error) {
    await closeServer(socket);
    throw error;
  }
}

function inUse(folder: string, owner: ProcessIdentity | undefined): StorageError {
  const who = owner === undefined ? 'Another process' : `Process ${owner.pid}`;
  return new StorageError(
    'folder_in_use',
    `${who} uses the data folder ${folder}. Stop it first, give this one another folder (--data), ` +
      'or let both share a PostgreSQL server (DATABASE_URL).',
  );
}

async function bindAbstractSocket(folder: string): Promise<Server | undefined> {
  if (process.platform !== 'linux') return undefined;
  const { dev, ino } = statSync(folder, { bigint: true });
  // Whoever connects learns nothing: the name is taken, that is all.
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? inUse(folder, readOwner(folder)?.identity) : error);
    });
    server.listen(`\0breakwater-${dev}-${ino}`, resolve);
  });
  server.unref();
  return server;
}

async function closeServer(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

interface Owner {
  readonly identity: ProcessIdentity;
  /** The whole text: a heartbeat changes it. */
  readonly text: string;
}

function readOwner(folder: string): Owner | undefined {
  try {
    const text = readFileSync(join(folder, LOCK_FILE), 'utf8');
    const identity = parseProcessIdentity(JSON.parse(text));
    return identity === undefined ? undefined : { identity, text };
  } catch {
    return undefined;
  }
}

class LockFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #options: FolderLockOptions;
  readonly #identity = createProcessIdentity();
  #beat = 0;
  #cancelBeat: CancelTimer | undefined;

  constructor(folder: string, options: FolderLockOptions) {
    this.#folder = folder;
    this.#path = join(folder, LOCK_FILE);
    this.#options = options;
  }

  async acquire(): Promise<void> {
    if (!this.#create()) {
      await this.#waitUntilStale();
      rmSync(this.#path, { force: true });
      if (!this.#create()) throw inUse(this.#folder, readOwner(this.#folder)?.identity);
    }
    this.#scheduleBeat();
  }

  release(): void {
    if (this.#cancelBeat === undefined) return;
    this.#cancelBeat();
    this.#cancelBeat = undefined;
    if (this.#isOurs()) rmSync(this.#path, { force: true });
  }

  /** Returns when the owner is certainly dead; rejects while it may live. */
  async #waitUntilStale(): Promise<void> {
    const { clock, logger } = this.#options;
    const seen = readOwner(this.#folder);
    // An unreadable file was torn by a crash or is being written; both show below.
    if (seen !== undefined) {
      const liveness = livenessOf(seen.identity);
      if (liveness === 'dead') return;
      if (liveness === 'alive') throw inUse(this.#folder, seen.identity);
      logger.info('folder_lock_wait', { owner_pid: seen.identity.pid, wait_ms: FOLDER_LOCK_STALE_MS });
    }
    const steps = Math.ceil(FOLDER_LOCK_STALE_MS / FOLDER_LOCK_HEARTBEAT_MS);
    for (let step = 0; step < steps; step += 1) {
      await holdOpen(sleep(clock, FOLDER_LOCK_HEARTBEAT_MS));
      const now = readOwner(this.#folder);
      if (now?.text !== seen?.text) throw inUse(this.#folder, now?.identity);
    }
  }

  #create(): boolean {
    let fd: number;
    try {
      fd = openSync(this.#path, 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    writeSync(fd, this.#text());
    closeSync(fd);
    return true;
  }

  #text(): string {
    return JSON.stringify({ ...this.#identity, beat: this.#beat });
  }

  #isOurs(): boolean {
    return readOwner(this.#folder)?.identity.nonce === this.#identity.nonce;
  }

  #scheduleBeat(): void {
    this.#cancelBeat = this.#options.clock.after(FOLDER_LOCK_HEARTBEAT_MS, () => {
      if (!this.#isOurs()) {
        this.#cancelBeat = undefined;
        this.#options.logger.error('folder_lock_lost', { folder: this.#folder });
        this.#options.onLost();
        return;
      }
      this.#renew();
      this.#scheduleBeat();
    });
  }

  #renew(): void {
    this.#beat += 1;
    const next = `${this.#path}.${this.#identity.nonce}`;
    try {
      const fd = openSync(next, 'w', 0o600);
      writeSync(fd, this.#text());
      closeSync(fd);
      // A reader sees the old text or the new one, never half of one.
      renameSync(next, this.#path);
    } catch (error) {
      // A full disk must not end the process; the lock is lost only when somebody takes it.
      this.#options.logger.warn('folder_lock_not_renewed', { message: (error as Error).message });
    }
  }
}

/** Keeps the process alive while it waits on a clock whose timers do not. */
async function holdOpen(wait: Promise<void>): Promise<void> {
  // A listening server counts as work; nobody is told its port.
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  await wait;
  await closeServer(server);
}
