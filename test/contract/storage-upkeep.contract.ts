import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditIntent } from '../../src/observability/index.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { RETENTION_FIRST_MS } from '../../src/platform/limits.ts';
import { dropExpiredCalls } from '../../src/storage/operations/retention.ts';
import { startUpkeep } from '../../src/storage/operations/upkeep.ts';
import { checkIsolation } from '../../src/storage/self-check.ts';
import { TestClock } from '../../src/testing/test-clock.ts';
import { callOf, type Parts } from './storage-rows.contract.ts';

const DAY_MS = 86_400_000;

/** What happens to old rows and to calls that nobody ends. It drops months, so it comes last. */
export function describeUpkeep(parts: () => Parts): void {
  describe('announced calls', () => {
    const intentOf = (projectId: string, deadlineAtMs: number): AuditIntent => {
      const {
        status: _s,
        code: _c,
        kind: _k,
        commitState: _cs,
        responseBytes: _r,
        durationMs: _d,
        ...call
      } = callOf(projectId, {
        startedAtMs: deadlineAtMs - 10_000,
        subject: 'a\u0000b',
        argumentsHash: 'ab'.repeat(32),
      });
      return { ...call, deadlineAtMs };
    };
    const rowsOf = async (project: string) => await parts().storage.toolCalls.search(project);

    it('become abandoned rows when they are overdue, once, however many replicas look', async () => {
      const { storage } = parts();
      const project = (await storage.projects.create({ name: randomUUID() })).id;
      const now = Date.now();
      const overdue = Array.from({ length: 50 }, () => intentOf(project, now - 1_000));
      const running = intentOf(project, now + 60_000);
      // Announced twice, as after a commit whose answer was lost.
      await storage.callIntents.announce([...overdue, running]);
      await storage.callIntents.announce(overdue);
      const counts = await Promise.all([1, 2, 3, 4].map(() => storage.callIntents.abandonOverdue(now)));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
      const rows = await rowsOf(project);
      expect(rows.map(({ callId }) => callId).sort()).toEqual(overdue.map(({ callId }) => callId).sort());
      const [first] = overdue;
      const row = rows.find(({ callId }) => callId === first?.callId);
      const { deadlineAtMs: _deadline, ...call } = { ...first };
      expect(row).toEqual({
        ...call,
        subject: 'a\ufffdb',
        status: 'error',
        code: 'abandoned',
        kind: 'abandoned',
        commitState: 'unknown',
        responseBytes: 0,
        durationMs: 10_000,
      });
      expect(await storage.callIntents.abandonOverdue(now)).toBe(0);
      await storage.callIntents.clear([running.callId]);
      expect(await storage.callIntents.abandonOverdue(now + 120_000)).toBe(0);
    });

    it('keep the row that they have, when their end was recorded and they were not cleared', async () => {
      const { storage } = parts();
      const project = (await storage.projects.create({ name: randomUUID() })).id;
      const intent = intentOf(project, Date.now() - 1_000);
      await storage.callIntents.announce([intent]);
      await storage.toolCalls.insertBatch([
        callOf(project, { callId: intent.callId, startedAtMs: intent.startedAtMs }),
      ]);
      expect(await storage.callIntents.abandonOverdue(Date.now())).toBe(0);
      expect(await rowsOf(project)).toMatchObject([{ callId: intent.callId, status: 'success' }]);
    });
  });

  describe('retention', () => {
    const countOf = async (project: string): Promise<number> =>
      (await parts().storage.toolCalls.search(project)).length;

    it('keeps a month until its last day is old enough, and rows of no month as long', async () => {
      const { storage, owned } = parts();
      const project = (await storage.projects.create({ name: randomUUID() })).id;
      const now = Date.now();
      await storage.toolCalls.insertBatch([
        callOf(project, { startedAtMs: now }),
        callOf(project, { startedAtMs: now - 89 * DAY_MS }),
        callOf(project, { startedAtMs: now - 91 * DAY_MS }),
      ]);
      // Rows of another project in the same partitions: nothing here knows about projects.
      const report = await dropExpiredCalls(owned, { nowMs: now, retentionDays: 90 });
      expect(report.dropped).toEqual([]);
      expect(report.deletedRows).toBeGreaterThanOrEqual(1);
      expect((await storage.toolCalls.search(project)).map(({ startedAtMs }) => startedAtMs)).toEqual([
        now,
        now - 89 * DAY_MS,
      ]);
    });

    it('drops whole months when the clock has moved on, makes new ones, and leaves the policies in force', async () => {
      const { storage, owned, own } = parts();
      await storage.toolCalls.insertBatch([
        callOf(own),
        callOf(own, { startedAtMs: Date.now() + 95 * DAY_MS }),
      ]);
      expect(await countOf(own)).toBeGreaterThan(1);
      const clock = new TestClock({ nowMs: Date.now() + 130 * DAY_MS });
      const upkeep = startUpkeep({
        database: owned,
        createPartitions: () => storage.toolCalls.createPartitions(),
        retentionDays: 90,
        clock,
        logger: silentLogger,
      });
      clock.advance(RETENTION_FIRST_MS);
      await expect.poll(() => countOf(own), { timeout: 10_000 }).toBe(1);
      upkeep.stop();
      expect(clock.pendingTimers).toBe(0);
      expect(await storage.toolCalls.createPartitions()).toBeGreaterThan(0);
      await storage.toolCalls.insertBatch([callOf(own)]);
      expect(await countOf(own)).toBe(2);
      await checkIsolation(owned);
    });
  });
}
