/**
 * `kill -9` of the built gateway in the middle of everything, again and again
 * on the same data. `npm run faults` does it many more times; the seed of a
 * failed run is in its message and repeats the same delays.
 */
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startPostgres } from '../contract/postgres-server.ts';
import { createCleanup, tempDir } from '../support/index.ts';
import { crashRun } from './crash-run.ts';

const ITERATIONS = Number(process.env['FAULT_ITERATIONS'] ?? '0');
const SEED = Number(process.env['FAULT_SEED'] ?? String(randomInt(2 ** 31)));

vi.setConfig({ testTimeout: 120_000 + ITERATIONS * 10_000 });

const cleanup = createCleanup();
afterAll(cleanup.run);

/** Mulberry32: small, and the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('kill -9 of the gateway under load', () => {
  it.each([
    { database: 'a PostgreSQL server', durability: 'journal', iterations: 20 },
    { database: 'a PostgreSQL server', durability: 'database', iterations: 10 },
    { database: 'the embedded database', durability: 'journal', iterations: 3 },
  ] as const)(
    'loses no executed call and invents none, on $database with the durability $durability',
    async ({ database, durability, iterations }) => {
      const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
      const dataDir = join(folder.path, 'data');
      const server =
        database === 'the embedded database'
          ? undefined
          : cleanup.add(startPostgres(), (thing) => thing.remove());
      const result = await crashRun({
        dataDir,
        databaseUrl: await server?.createDatabase('superuser'),
        durability,
        iterations: ITERATIONS > 0 ? ITERATIONS : iterations,
        clients: 8,
        random: randomFrom(SEED),
        cleanup,
      });
      if (ITERATIONS > 0)
        process.stderr.write(
          `${database}, seed ${String(SEED)}: ${JSON.stringify({ ...result, lastLog: undefined })}\n`,
        );
      if (result.violations.length > 0) process.stderr.write(`seed ${String(SEED)}\n`);
      expect(result.violations).toEqual([]);
      // The run was worth something: calls were executed, and some of them were cut off.
      expect(result.executed).toBeGreaterThan(iterations);
      expect(result.abandoned).toBeGreaterThan(0);
      // Nothing is left open: whatever was announced is a row now.
      const left = readdirSync(join(dataDir, 'journal'));
      if (left.length > 0) process.stderr.write(result.lastLog);
      expect(left).toEqual([]);
    },
  );
});
