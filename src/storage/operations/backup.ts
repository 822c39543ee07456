import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, linkSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { VERSION } from '../../platform/version.ts';
import { StorageError } from '../errors.ts';
import { lockFolder } from '../folder-lock.ts';
import { syncFolder } from '../pglite/folder.ts';
import { BLOCK, tarHeader } from '../pglite/tar.ts';
import { assertExists } from './check.ts';
import { type BackupManifest, MANIFEST_FILE, type ManifestFile } from './manifest.ts';

export interface BackupOptions {
  readonly dataDir: string;
  /** The archive, made with mode 0600 because the keys are in it. It must not exist. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Most files of a database are smaller. */
const READ_BYTES = 262_144;

/** Belongs to the process that has the folder open, or is half of something. */
const LEFT_OUT = /^(?:lock\.json.*|db\.partial(?:\/.*)?|db\/postmaster\.(?:pid|opts))$/;

/**
 * Writes everything of a data folder (database, keys, journal) into one
 * `tar.gz`, with a manifest of checksums as its last entry. The folder is
 * locked meanwhile, so its files are at rest and belong together: rejects with
 * `folder_in_use` while a gateway runs on it. The archive gets its name when
 * it is whole and on the disk.
 */
export async function backupFolder(options: BackupOptions): Promise<BackupManifest> {
  const { clock, logger } = options;
  const dataDir = resolve(options.dataDir);
  const file = resolve(options.file);
  assertExists({ dataDir, clock, logger });
  if (!relative(dataDir, file).startsWith('..'))
    throw new StorageError('bad_option', `${file} is inside of the data folder that it is to hold.`);
  if (existsSync(file)) throw fileExists(file);
  let isLost = false;
  const onLost = (): void => {
    isLost = true;
  };
  const lock = await lockFolder(dataDir, { clock, logger, onLost });
  const draft = `${file}.partial`;
  try {
    const manifest: BackupManifest = {
      format: 1,
      version: VERSION,
      createdAtMs: clock.nowMs(),
      files: await writeArchive(dataDir, draft, clock.nowMs()),
    };
    if (isLost)
      throw new StorageError('folder_in_use', 'Another process has taken the data folder meanwhile.');
    try {
      // Unlike a rename, a link never replaces a file that has appeared meanwhile.
      linkSync(draft, file);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? fileExists(file) : error;
    }
    syncFolder(dirname(file));
    return manifest;
  } finally {
    rmSync(draft, { force: true });
    await lock.release();
  }
}

function fileExists(file: string): StorageError {
  return new StorageError(
    'file_exists',
    `${file} exists already. Name a new file: no backup is overwritten.`,
  );
}

async function writeArchive(dataDir: string, draft: string, createdAtMs: number): Promise<ManifestFile[]> {
  const files: ManifestFile[] = [];
  await pipeline(
    Readable.from(archiveParts(dataDir, files, createdAtMs)),
    createGzip({ level: 6 }),
    createWriteStream(draft, { mode: 0o600 }),
  );
  const handle = await open(draft, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return files;
}

async function* archiveParts(
  dataDir: string,
  files: ManifestFile[],
  createdAtMs: number,
): AsyncGenerator<Buffer> {
  for (const { path, isDirectory } of entriesOf(dataDir)) {
    if (isDirectory) {
      yield tarHeader({ path, isDirectory, size: 0 });
      continue;
    }
    const handle = await open(join(dataDir, path), 'r');
    try {
      yield* fileParts(handle, path, files);
    } finally {
      await handle.close();
    }
  }
  const manifest: BackupManifest = { format: 1, version: VERSION, createdAtMs, files };
  const text = Buffer.from(`${JSON.stringify(manifest)}\n`);
  yield tarHeader({ path: MANIFEST_FILE, isDirectory: false, size: text.length });
  yield text;
  yield padding(text.length);
  yield Buffer.alloc(2 * BLOCK);
}

async function* fileParts(handle: FileHandle, path: string, files: ManifestFile[]): AsyncGenerator<Buffer> {
  const { size } = await handle.stat();
  yield tarHeader({ path, isDirectory: false, size });
  const hash = createHash('sha256');
  let bytes = 0;
  for (;;) {
    // A buffer of its own for each piece: the one before may still wait to be compressed.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, bytes);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    bytes += bytesRead;
    hash.update(chunk);
    yield chunk;
  }
  // A local `breakwater stdio` may append to its journal while the folder is locked; half an archive is worse than none.
  if (bytes !== size)
    throw new StorageError('folder_in_use', `${path} changed while it was read. Try again.`);
  files.push({ path, bytes, sha256: hash.digest('hex') });
  yield padding(bytes);
}

function padding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
}

function entriesOf(folder: string): { readonly path: string; readonly isDirectory: boolean }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({
      path: relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
      isDirectory: entry.isDirectory(),
    }))
    .filter(
      ({ path }) =>
        !LEFT_OUT.test(path) && statSync(join(folder, path), { throwIfNoEntry: false }) !== undefined,
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
