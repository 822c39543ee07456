import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Migration } from '../migrations/runner.ts';
import { EMBEDDED_POSTGRES_MAJOR } from './folder.ts';

/** Beside the built code; and, when sources run, where the last build left it. */
const PLACES = ['./', '../../../dist/storage/pglite/'] as const;
export const SEED_FILE = 'seed.tar.gz';
export const SEED_INFO_FILE = 'seed.json';

/** What a seed was made from. A seed of another schema would be refused as a changed database. */
export function seedFingerprint(migrations: readonly Migration[]): string {
  const hash = createHash('sha256').update(`postgres ${EMBEDDED_POSTGRES_MAJOR}\n`);
  for (const { checksum } of migrations) hash.update(`${checksum}\n`);
  return hash.digest('hex');
}

/**
 * Path of the prepared database that belongs to these migrations; undefined
 * when there is none. Without it the first start makes the database itself,
 * which takes seconds and several hundred megabytes.
 */
export function findSeed(migrations: readonly Migration[]): string | undefined {
  for (const place of PLACES) {
    try {
      const info: unknown = JSON.parse(
        readFileSync(new URL(place + SEED_INFO_FILE, import.meta.url), 'utf8'),
      );
      if (typeof info !== 'object' || info === null || !('fingerprint' in info)) continue;
      if (info.fingerprint === seedFingerprint(migrations)) {
        return fileURLToPath(new URL(place + SEED_FILE, import.meta.url));
      }
    } catch {
      // No seed here.
    }
  }
  return undefined;
}
