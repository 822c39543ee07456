import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StorageError } from '../errors.ts';
import { readTar } from './tar.ts';

/** Major version of the embedded engine. Its files open with no other. */
export const EMBEDDED_POSTGRES_MAJOR = 18;

const fsyncAsync = promisify(fsync);

/**
 * What is in a database folder: `missing` when there is nothing yet. Throws a
 * `StorageError` with what to do when it holds something that cannot be
 * opened; the engine itself only says that it failed to initialise.
 */
export function inspectDatabaseFolder(folder: string): 'missing' | 'present' {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return 'missing';
  let version: string;
  try {
    version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  } catch {
    throw new StorageError(
      'folder_unusable',
      `${folder} is not empty and is no database folder. Choose another data folder, or move its contents away.`,
    );
  }
  if (version !== String(EMBEDDED_POSTGRES_MAJOR)) {
    throw new StorageError(
      'folder_unusable',
      `${folder} was written by PostgreSQL ${version}; this release embeds PostgreSQL ${EMBEDDED_POSTGRES_MAJOR}. ` +
        'Open it with the release that wrote it and move the data to a PostgreSQL server, or start with a new data folder.',
    );
  }
  return 'present';
}

/**
 * Unpacks a prepared database. It is complete and on the disk before it gets
 * its name, so a crash at any point leaves either nothing or a whole database.
 */
export async function installDatabase(folder: string, archive: Buffer): Promise<void> {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const files: number[] = [];
  try {
    for (const entry of readTar(archive)) {
      const path = join(partial, entry.path);
      if (entry.isDirectory) {
        mkdirSync(path, { recursive: true, mode: 0o700 });
        continue;
      }
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const fd = openSync(path, 'wx', 0o600);
      files.push(fd);
      for (let written = 0; written < entry.data.length; ) written += writeSync(fd, entry.data, written);
    }
    // All at once: the file system then commits its log a few times instead of a thousand times.
    await Promise.all(files.map((fd) => fsyncAsync(fd)));
  } finally {
    for (const fd of files) closeSync(fd);
  }
  for (const path of readdirSync(partial, { recursive: true, withFileTypes: true })) {
    if (path.isDirectory()) syncFolder(join(path.parentPath, path.name));
  }
  syncFolder(partial);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  syncFolder(dirname(folder));
}

/** Makes the names in a folder durable; a no-op where folders cannot be opened (Windows). */
export function syncFolder(path: string): void {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    closeSync(fd);
  }
}
