import { createHash, type Hash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../platform/clock.ts';
import { BACKUP_FILES_MAX } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { StorageError } from '../errors.ts';
import { lockFolder } from '../folder-lock.ts';
import { syncFolder } from '../pglite/folder.ts';
import { BLOCK, parseTarHeader, type TarHeader } from '../pglite/tar.ts';
import { type BackupManifest, damaged, MANIFEST_FILE, type ManifestFile, parseManifest } from './manifest.ts';

export interface RestoreOptions {
  readonly file: string;
  /** Must be missing or empty. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Unpacks a backup as a data folder. Every file is compared with the manifest
 * before the folder gets its name, so there is either nothing or all of it.
 * Rejects with `folder_in_use` when a gateway runs on the folder, `not_empty`
 * when anything is in it, `backup_damaged` when the archive is not whole.
 */
export async function restoreFolder(options: RestoreOptions): Promise<BackupManifest> {
  const dataDir = resolve(options.dataDir);
  if (!existsSync(options.file)) throw new StorageError('bad_option', `There is no file ${options.file}.`);
  await refuseUsed(dataDir, options);
  const draft = `${dataDir}.restore-${randomBytes(4).toString('hex')}`;
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  try {
    const manifest = await unpack(options.file, draft);
    await syncAll(draft);
    // A rename replaces an empty folder and fails on one that has been filled meanwhile.
    renameSync(draft, dataDir);
    syncFolder(dirname(dataDir));
    return manifest;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Many at once: the file system then commits its log a few times instead of a thousand times. */
const SYNCS_AT_ONCE = 64;

async function syncAll(folder: string): Promise<void> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (let start = 0; start < files.length; start += SYNCS_AT_ONCE) {
    await Promise.all(
      files.slice(start, start + SYNCS_AT_ONCE).map(async (path) => {
        const handle = await open(path, 'r+');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      }),
    );
  }
  for (const entry of entries) if (entry.isDirectory()) syncFolder(join(entry.parentPath, entry.name));
  syncFolder(folder);
}

async function refuseUsed(dataDir: string, { clock, logger }: RestoreOptions): Promise<void> {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return;
  // Says who uses it, where somebody does; otherwise the lock is given back at once.
  const lock = await lockFolder(dataDir, { clock, logger, onLost: () => {} });
  await lock.release();
  throw new StorageError(
    'not_empty',
    `${dataDir} is not empty. Move it away, or name another folder with --data: nothing is overwritten.`,
  );
}

async function unpack(file: string, draft: string): Promise<BackupManifest> {
  const reader = new ArchiveReader(draft);
  try {
    await pipeline(createReadStream(file), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) reader.accept(chunk);
    });
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // A full disk is not the fault of the archive.
    if (code.startsWith('E') && !code.startsWith('ERR')) throw error;
    throw damaged(error instanceof Error ? error.message : 'it cannot be read');
  } finally {
    reader.close();
  }
  return reader.compare();
}

/** Unpacks a stream of archive bytes and remembers what each file was. */
class ArchiveReader {
  readonly #folder: string;
  readonly #found = new Map<string, ManifestFile>();
  #held: Buffer = Buffer.alloc(0);
  #file: { readonly header: TarHeader; readonly fd: number; readonly hash: Hash; left: number } | undefined;
  #padding = 0;
  #manifest: Buffer[] = [];
  #isAtEnd = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  accept(chunk: Buffer): void {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (bytes.length > 0 && !this.#isAtEnd) {
      const used = this.#step(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
    }
    this.#held = Buffer.from(this.#isAtEnd ? [] : bytes);
  }

  /** Compares what was unpacked with the manifest. Throws `backup_damaged`. */
  compare(): BackupManifest {
    if (this.#file !== undefined || this.#manifest.length === 0) throw damaged('it ends too early');
    const manifest = parseManifest(Buffer.concat(this.#manifest).toString('utf8'));
    for (const { path, bytes, sha256 } of manifest.files) {
      const found = this.#found.get(path);
      if (found?.sha256 !== sha256 || found.bytes !== bytes) throw damaged(`${path} is not what it was`);
    }
    if (this.#found.size !== manifest.files.length) throw damaged('it has files that were not backed up');
    return manifest;
  }

  close(): void {
    if (this.#file !== undefined && this.#file.fd >= 0) closeSync(this.#file.fd);
  }

  /** Takes the next piece from the front of `bytes`; returns its length, 0 when more is needed. */
  #step(bytes: Buffer): number {
    if (this.#file !== undefined) return this.#write(bytes);
    if (this.#padding > 0) {
      const used = Math.min(this.#padding, bytes.length);
      this.#padding -= used;
      return used;
    }
    if (bytes.length < BLOCK) return 0;
    const header = parseTarHeader(bytes.subarray(0, BLOCK));
    if (header === undefined) this.#isAtEnd = true;
    else this.#begin(header);
    return BLOCK;
  }

  #begin(header: TarHeader): void {
    if (this.#manifest.length > 0) throw damaged('something follows its list of files');
    if (this.#found.size >= BACKUP_FILES_MAX) throw damaged('it has too many files');
    const path = join(this.#folder, header.path);
    if (header.isDirectory) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      return;
    }
    const isManifest = header.path === MANIFEST_FILE;
    if (!isManifest) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = isManifest ? -1 : openSync(path, 'wx', 0o600);
    this.#file = { header, fd, hash: createHash('sha256'), left: header.size };
    if (header.size === 0) this.#end();
  }

  #write(bytes: Buffer): number {
    const file = this.#file;
    if (file === undefined) return 0;
    const part = bytes.subarray(0, file.left);
    if (file.fd < 0) this.#manifest.push(Buffer.from(part));
    else for (let written = 0; written < part.length; ) written += writeSync(file.fd, part, written);
    file.hash.update(part);
    file.left -= part.length;
    if (file.left === 0) this.#end();
    return part.length;
  }

  #end(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    const { path, size } = file.header;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (file.fd < 0) return;
    closeSync(file.fd);
    this.#found.set(path, { path, bytes: size, sha256: file.hash.digest('hex') });
  }
}
