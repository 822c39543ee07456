/**
 * Makes the prepared database that a first start unpacks instead of creating
 * one: `seed.tar.gz` and `seed.json` in `dist/storage/pglite/` (or the folder
 * given as the first argument). Does nothing when the seed there fits the
 * migrations already.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../src/platform/clock.ts';
import { silentLogger } from '../src/platform/logger.ts';
import { openStorage } from '../src/storage/index.ts';
import { readMigrations } from '../src/storage/migrations/runner.ts';
import { SEED_FILE, SEED_INFO_FILE, seedFingerprint } from '../src/storage/pglite/seed.ts';
import { type TarEntry, writeTar } from '../src/storage/pglite/tar.ts';

/** Left behind by a running engine; a database at rest has none of it. */
const TRANSIENT = new Set(['postmaster.pid', 'postmaster.opts']);

function* entriesOf(folder: string): Generator<TarEntry> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({
      entry,
      path: relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { entry, path } of found) {
    if (TRANSIENT.has(path)) continue;
    const isDirectory = entry.isDirectory();
    yield { path, isDirectory, data: isDirectory ? Buffer.alloc(0) : readFileSync(join(folder, path)) };
  }
}

function isCurrent(target: string, fingerprint: string): boolean {
  try {
    return readFileSync(join(target, SEED_INFO_FILE), 'utf8').includes(fingerprint);
  } catch {
    return false;
  }
}

async function buildSeed(target: string): Promise<void> {
  const fingerprint = seedFingerprint(readMigrations());
  if (isCurrent(target, fingerprint)) return;
  const dataDir = mkdtempSync(join(tmpdir(), 'breakwater-seed-'));
  try {
    const storage = await openStorage({
      dataDir,
      clock: systemClock,
      logger: silentLogger,
      seedPath: 'none',
    });
    await storage.close();
    mkdirSync(target, { recursive: true });
    const archive = gzipSync(writeTar(entriesOf(join(dataDir, 'db'))), { level: 9 });
    // The info names the archive as usable, so it comes last; a reader sees each file whole or not at all.
    write(join(target, SEED_FILE), archive);
    write(join(target, SEED_INFO_FILE), `${JSON.stringify({ fingerprint })}\n`);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function write(path: string, data: Buffer | string): void {
  writeFileSync(`${path}.new`, data);
  renameSync(`${path}.new`, path);
}

await buildSeed(resolve(process.argv[2] ?? join(import.meta.dirname, '../dist/storage/pglite')));
