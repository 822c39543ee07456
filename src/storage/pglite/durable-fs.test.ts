import { describe, expect, it } from 'vitest';
import { proveDurability } from './durable-fs.ts';

/** An engine whose commits sync as often as told. */
function engineWith(files: { syncCount: number; hasFailed: boolean }, syncs: number) {
  return {
    exec: () => {
      files.syncCount += syncs;
      return Promise.resolve([]);
    },
  };
}

describe('proveDurability', () => {
  it('accepts an engine whose commit reached the disk', async () => {
    const files = { syncCount: 5, hasFailed: false };
    await expect(proveDurability(engineWith(files, 1), files)).resolves.toBeUndefined();
  });

  it('refuses an engine that acknowledges a commit without a sync', async () => {
    const files = { syncCount: 5, hasFailed: false };
    await expect(proveDurability(engineWith(files, 0), files)).rejects.toMatchObject({
      problem: 'not_durable',
    });
  });

  it('refuses a disk that fails to sync', async () => {
    const files = { syncCount: 0, hasFailed: true };
    await expect(proveDurability(engineWith(files, 1), files)).rejects.toMatchObject({
      problem: 'not_durable',
    });
  });
});
