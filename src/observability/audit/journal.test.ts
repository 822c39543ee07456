import { readdirSync, readFileSync, statSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../platform/logger.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { decodeLine } from './encoding.ts';
import { intentOf, recordOf } from './fixtures.ts';
import { AuditJournal, type JournalOptions } from './journal.ts';
import { type JournalFiles, nodeJournalFiles } from './segment.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface DiskFaults {
  files: JournalFiles;
  writes: number;
  /** Bytes that the disk still takes. */
  space: number;
}

function failingDisk(): DiskFaults {
  const disk: DiskFaults = {
    writes: 0,
    space: Number.POSITIVE_INFINITY,
    files: {
      ...nodeJournalFiles,
      write: (fd, bytes, offset) => {
        disk.writes += 1;
        const room = Math.min(bytes.length - offset, disk.space);
        if (room <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        disk.space -= room;
        return nodeJournalFiles.write(fd, bytes.subarray(0, offset + room), offset);
      },
    },
  };
  return disk;
}

async function setUp(options: Partial<JournalOptions> = {}) {
  const folder = options.folder ?? join(temporaryFolder(), 'journal');
  const clock = new TestClock();
  const journal = await AuditJournal.open({ folder, clock, logger: silentLogger, ...options });
  return { folder, clock, journal };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

function linesIn(folder: string): string[] {
  return filesIn(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
}

describe('intent', () => {
  it('is in the file when the promise resolves', async () => {
    const { folder, journal } = await setUp();
    await journal.intent(intentOf('c1'));
    expect(linesIn(folder).map(decodeLine)).toContainEqual({ kind: 'intent', intent: intentOf('c1') });
  });

  it('makes one write for all calls of an event-loop turn', async () => {
    const disk = failingDisk();
    const { journal } = await setUp({ files: disk.files });
    const waiting = Array.from({ length: 200 }, (_, index) => journal.intent(intentOf(`c${index}`)));
    journal.outcome(recordOf('c0'));
    await Promise.all(waiting);
    expect(disk.writes).toBe(1);
  });

  it('rejects when the disk is full, leaves no half line, and works again when there is room', async () => {
    const disk = failingDisk();
    const { folder, journal } = await setUp({ files: disk.files });
    await journal.intent(intentOf('before'));
    disk.space = 100;
    await expect(journal.intent(intentOf('lost'))).rejects.toThrow('could not be written');
    expect(journal.openCallCount).toBe(1);
    disk.space = Number.POSITIVE_INFINITY;
    await journal.intent(intentOf('after'));
    const ids = linesIn(folder)
      .slice(1)
      .map((line) => {
        const decoded = decodeLine(line);
        return decoded?.kind === 'intent' ? decoded.intent.callId : 'torn';
      });
    expect(ids).toEqual(['before', 'after']);
  });

  it('starts a new file with a whole first line when the very first write fails', async () => {
    const disk = failingDisk();
    disk.space = 10;
    const { folder, journal } = await setUp({ files: disk.files });
    await expect(journal.intent(intentOf('lost'))).rejects.toThrow('could not be written');
    disk.space = Number.POSITIVE_INFINITY;
    await journal.intent(intentOf('c1'));
    expect(linesIn(folder)[0]).toContain('"k":"h"');
  });

  it('goes on in another file when a half line cannot be cut off', async () => {
    const disk = failingDisk();
    const { folder, journal } = await setUp({
      files: {
        ...disk.files,
        truncate: () => {
          throw new Error('read-only');
        },
      },
    });
    await journal.intent(intentOf('before'));
    disk.space = 50;
    await expect(journal.intent(intentOf('lost'))).rejects.toThrow('could not be written');
    disk.space = Number.POSITIVE_INFINITY;
    await journal.intent(intentOf('after'));
    expect(filesIn(folder)).toHaveLength(2);
    expect(linesIn(folder).map(decodeLine)).toContainEqual({ kind: 'intent', intent: intentOf('after') });
  });

  it('rejects when the journal has reached its bound, and the outcome of an announced call is still written', async () => {
    const { folder, journal } = await setUp({ bytesMax: 2_000 });
    await journal.intent(intentOf('c1'));
    let refused = 0;
    for (let call = 2; call < 10; call += 1)
      await journal.intent(intentOf(`c${call}`)).catch(() => {
        refused += 1;
      });
    expect(refused).toBeGreaterThan(0);
    journal.outcome(recordOf('c1'));
    journal.writePending();
    expect(linesIn(folder).map(decodeLine)).toContainEqual({ kind: 'record', record: recordOf('c1') });
  });

  it('counts what earlier processes left towards the bound', async () => {
    const first = await setUp();
    await first.journal.intent(intentOf('c1'));
    const second = await setUp({ folder: first.folder, bytesMax: 500 });
    expect(second.journal.backlogBytes).toBe(first.journal.backlogBytes);
    await expect(second.journal.intent(intentOf('c2'))).rejects.toThrow('full');
  });

  it('rejects after close', async () => {
    const { journal } = await setUp();
    journal.close();
    await expect(journal.intent(intentOf('c1'))).rejects.toThrow('closed');
  });

  it('keeps its folder and files to this user', async () => {
    const { folder, journal } = await setUp();
    await journal.intent(intentOf('c1'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of filesIn(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });
});

describe('files', () => {
  it('are deleted one by one as the database takes them, and kept while a call in them is open', async () => {
    const { folder, journal } = await setUp({ segmentBytes: 1 });
    await journal.intent(intentOf('open'));
    await journal.intent(intentOf('c1'));
    journal.outcome(recordOf('c1'));
    journal.writePending();
    journal.outcome(recordOf('refusal'));
    journal.writePending();
    // Gone already: the file with nothing but an announcement whose outcome stands in a later one.
    expect(filesIn(folder)).toHaveLength(3);
    journal.confirm(journal.takeFinished(10));
    // The file of the open call, and the one that is still written to.
    expect(filesIn(folder)).toHaveLength(2);
    journal.outcome(recordOf('open'));
    journal.writePending();
    journal.confirm(journal.takeFinished(10));
    journal.close();
    expect(filesIn(folder)).toEqual([]);
    expect(journal.backlogBytes).toBe(0);
  });

  it('stay when the journal closes before the database has everything', async () => {
    const { folder, journal } = await setUp();
    await journal.intent(intentOf('c1'));
    journal.outcome(recordOf('c1'));
    journal.close();
    expect(filesIn(folder)).toHaveLength(1);
  });
});

describe('outcome', () => {
  it('waits in memory for the database when the disk refuses it, and closes the announcement only then', async () => {
    const disk = failingDisk();
    const { folder, journal } = await setUp({ files: disk.files });
    await journal.intent(intentOf('c1'));
    disk.space = 0;
    journal.outcome(recordOf('c1'));
    journal.writePending();
    const calls = journal.takeFinished(10);
    expect(calls.map(({ record }) => record)).toEqual([recordOf('c1')]);
    journal.confirm(calls);
    journal.close();
    expect(filesIn(folder)).toEqual([]);
  });

  it('leaves memory to its bound and marks the file to be read back', async () => {
    const { journal } = await setUp({ queueRecordsMax: 2 });
    for (const id of ['c1', 'c2', 'c3']) journal.outcome(recordOf(id));
    journal.writePending();
    expect(journal.finishedCount).toBe(2);
    expect(journal.nextSpilled()).toBeDefined();
    journal.confirm(journal.takeFinished(10));
    expect(journal.backlogBytes).toBeGreaterThan(0);
  });

  it('is counted, not thrown, when neither disk nor memory can hold it', async () => {
    const disk = failingDisk();
    disk.space = 0;
    const { journal } = await setUp({ files: disk.files, queueRecordsMax: 1 });
    for (const id of ['c1', 'c2', 'c3']) journal.outcome(recordOf(id));
    journal.writePending();
    expect(journal.droppedCount).toBe(2);
  });
});

describe('abandonOverdue', () => {
  it('ends calls whose deadline has passed, and only those', async () => {
    const { clock, journal } = await setUp();
    await journal.intent(
      intentOf('late', { startedAtMs: clock.nowMs(), deadlineAtMs: clock.nowMs() + 1_000 }),
    );
    await journal.intent(intentOf('young', { deadlineAtMs: clock.nowMs() + 60_000 }));
    clock.advance(1_001);
    expect(journal.abandonOverdue(clock.nowMs())).toBe(1);
    journal.writePending();
    expect(journal.takeFinished(10).map(({ record }) => record)).toEqual([
      expect.objectContaining({
        callId: 'late',
        status: 'error',
        kind: 'abandoned',
        code: 'abandoned',
        commitState: 'unknown',
        durationMs: 1_001,
      }),
    ]);
    expect(journal.openCallCount).toBe(1);
  });
});
