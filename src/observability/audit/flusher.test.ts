import {
  appendFileSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
  mkdtempSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../platform/logger.ts';
import { createProcessIdentity } from '../../platform/process-identity.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { encodeIntent, encodeRecord } from './encoding.ts';
import { intentOf, MemoryStore, recordOf } from './fixtures.ts';
import { AuditFlusher } from './flusher.ts';
import { AuditJournal, type JournalOptions } from './journal.ts';
import { segmentHeader, segmentPath } from './segment.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function setUp(options: Partial<JournalOptions> & { store?: MemoryStore } = {}) {
  const folder = options.folder ?? temporaryFolder();
  const store = options.store ?? new MemoryStore();
  const clock = new TestClock();
  const journal = await AuditJournal.open({ folder, clock, logger: silentLogger, ...options });
  const flusher = new AuditFlusher({ journal, store, clock, logger: silentLogger });
  return { folder, store, clock, journal, flusher };
}

/** Lets promises and immediates run; no time passes on the test clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Writes the files of a process that is dead: its id belongs to nobody. */
function leaveBehind(folder: string, files: readonly string[]): void {
  const owner = { ...createProcessIdentity(), pid: 2 ** 22 + 1 };
  for (const [sequence, text] of files.entries()) {
    writeFileSync(segmentPath(folder, owner, sequence), segmentHeader(owner) + text);
  }
}

function journalFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('audit-'));
}

describe('moving records to the database', () => {
  it('takes no longer than a quarter of a second', async () => {
    const { store, clock, journal, flusher } = await setUp();
    await flusher.start();
    await journal.intent(intentOf('c1'));
    journal.outcome(recordOf('c1'));
    await settle();
    expect(store.rows.size).toBe(0);
    clock.advance(250);
    await settle();
    expect(store.byId('c1')).toEqual(recordOf('c1'));
  });

  it('does not wait when a thousand are ready, and moves them in one statement', async () => {
    const { store, journal, flusher } = await setUp();
    await flusher.start();
    for (let call = 0; call < 1_000; call += 1) journal.outcome(recordOf(`c${call}`));
    await settle();
    expect(store.rows.size).toBe(1_000);
    expect(store.batches).toBe(1);
  });

  it('does not start another statement for the few that finish while one runs', async () => {
    const { store, clock, journal, flusher } = await setUp();
    await flusher.start();
    let late = 0;
    store.isPoison = () => {
      // A call ends during every statement, as under load one always does.
      if (late < 50) journal.outcome(recordOf(`late${(late += 1)}`));
      journal.writePending();
      return false;
    };
    journal.outcome(recordOf('c1'));
    await settle();
    clock.advance(250);
    await settle();
    expect(store.batches).toBe(1);
    clock.advance(250);
    await settle();
    expect(store.batches).toBe(2);
    expect(store.byId('late1')).toEqual(recordOf('late1'));
  });

  it('holds everything while the database is away, asks less and less often, and delivers once', async () => {
    const { folder, store, clock, journal, flusher } = await setUp();
    await flusher.start();
    store.failure = new Error('away');
    for (let call = 0; call < 50; call += 1) journal.outcome(recordOf(`c${call}`));
    await settle();
    for (let step = 0; step < 240; step += 1) {
      clock.advance(250);
      await settle();
    }
    // A minute at four attempts a second would be 240.
    expect(store.batches).toBeLessThan(15);
    store.failure = undefined;
    clock.advance(10_250);
    await settle();
    expect(store.rows.size).toBe(50);
    await flusher.close();
    journal.close();
    expect(journalFiles(folder)).toEqual([]);
  });

  it('reads back from the files what memory could not hold', async () => {
    const { folder, store, journal, flusher } = await setUp({ queueRecordsMax: 10, segmentBytes: 2_000 });
    store.failure = new Error('away');
    for (let call = 0; call < 100; call += 1) {
      journal.outcome(recordOf(`c${call}`));
      journal.writePending();
    }
    store.failure = undefined;
    await flusher.flush();
    expect(store.rows.size).toBe(100);
    journal.close();
    expect(journalFiles(folder)).toEqual([]);
  });

  it('sets aside the one record that the database refuses, and delivers the others', async () => {
    const { folder, store, journal, flusher } = await setUp();
    store.isPoison = ({ callId }) => callId === 'c17';
    for (let call = 0; call < 100; call += 1) journal.outcome(recordOf(`c${call}`));
    await flusher.flush();
    expect(store.rows.size).toBe(99);
    expect(readFileSync(join(folder, 'rejected.jsonl'), 'utf8')).toContain('"c17"');
  });
});

describe('close', () => {
  it('loses nothing: what is finished arrives, what is open is abandoned', async () => {
    const { folder, store, journal, flusher } = await setUp();
    await flusher.start();
    await journal.intent(intentOf('open'));
    journal.outcome(recordOf('done'));
    await flusher.close();
    journal.close();
    expect(store.byId('done')).toEqual(recordOf('done'));
    expect(store.byId('open')).toMatchObject({ kind: 'abandoned', commitState: 'unknown' });
    expect(journalFiles(folder)).toEqual([]);
  });

  it('leaves to the next start what the database does not take', async () => {
    const first = await setUp();
    first.store.failure = new Error('away');
    await first.journal.intent(intentOf('open'));
    first.journal.outcome(recordOf('done'));
    await first.flusher.close();
    first.journal.close();
    expect(journalFiles(first.folder)).toHaveLength(1);
  });
});

describe('the reaper', () => {
  it('ends a call that nobody ended, a minute after its deadline', async () => {
    const { store, clock, journal, flusher } = await setUp();
    await flusher.start();
    await journal.intent(
      intentOf('lost', { startedAtMs: clock.nowMs(), deadlineAtMs: clock.nowMs() + 10_000 }),
    );
    clock.advance(69_000);
    await settle();
    expect(store.rows.size).toBe(0);
    clock.advance(6_250);
    await settle();
    clock.advance(250);
    await settle();
    expect(store.byId('lost')).toMatchObject({ kind: 'abandoned' });
    // The outcome that comes after all does not replace it.
    journal.outcome(recordOf('lost'));
    await flusher.flush();
    expect(store.byId('lost')).toMatchObject({ kind: 'abandoned' });
  });
});

describe('the files of a dead process', () => {
  it('are replayed: finished calls exactly, open ones as abandoned, torn lines skipped', async () => {
    const { folder, store, clock, flusher, journal } = await setUp();
    clock.advance(3_600_000);
    const record = recordOf('done', {
      status: 'timeout',
      code: 'timeout',
      kind: 'failed',
      commitState: 'unknown',
    });
    leaveBehind(folder, [
      encodeIntent(intentOf('done')) + encodeIntent(intentOf('open')),
      encodeRecord(record) + encodeRecord(recordOf('torn')).slice(0, 90),
    ]);
    await flusher.start();
    expect(store.byId('done')).toEqual(record);
    expect(store.byId('open')).toMatchObject({
      kind: 'abandoned',
      status: 'error',
      commitState: 'unknown',
      durationMs: 10_000,
    });
    expect(store.rows.size).toBe(2);
    expect(journalFiles(folder)).toEqual([]);
    expect(journal.backlogBytes).toBe(0);
  });

  it('insert nothing twice, even when they are replayed again after a crash in between', async () => {
    const { folder, store, flusher } = await setUp();
    const text =
      encodeIntent(intentOf('done')) + encodeRecord(recordOf('done')) + encodeIntent(intentOf('open'));
    leaveBehind(folder, [text]);
    leaveBehind(folder, [text]);
    await flusher.start();
    expect(store.rows.size).toBe(2);
    expect(store.byId('done')).toEqual(recordOf('done'));
  });

  it('do not turn a call into an abandoned one that the database knows the end of', async () => {
    const { folder, store, flusher } = await setUp();
    await store.insertBatch([recordOf('done')]);
    leaveBehind(folder, [encodeIntent(intentOf('done'))]);
    await flusher.start();
    expect(store.byId('done')).toEqual(recordOf('done'));
  });

  it('stay until the database has taken them', async () => {
    const { folder, store, clock, flusher } = await setUp();
    leaveBehind(folder, [encodeRecord(recordOf('done'))]);
    store.failure = new Error('away');
    await flusher.start();
    expect(journalFiles(folder)).toHaveLength(1);
    store.failure = undefined;
    clock.advance(60_000);
    // The file is read by the thread pool, which the immediates do not wait for.
    await expect.poll(() => store.rows.size).toBe(1);
    await expect.poll(() => journalFiles(folder)).toEqual([]);
  });

  it('are left alone while their process lives', async () => {
    const { folder, store, flusher } = await setUp();
    const owner = createProcessIdentity();
    const path = segmentPath(folder, owner, 0);
    writeFileSync(path, segmentHeader(owner) + encodeIntent(intentOf('running')));
    await flusher.start();
    expect(store.rows.size).toBe(0);
    expect(journalFiles(folder)).toHaveLength(1);
  });

  it('of another host are taken over only when they have rested for longer than any call lasts', async () => {
    const { folder, store, clock, flusher } = await setUp();
    const owner = { ...createProcessIdentity(), host: 'elsewhere' };
    const path = segmentPath(folder, owner, 0);
    appendFileSync(path, segmentHeader(owner) + encodeRecord(recordOf('done')));
    const rested = (ms: number): void => {
      const atSeconds = (clock.nowMs() - ms) / 1_000;
      utimesSync(path, atSeconds, atSeconds);
    };
    rested(300_000);
    await flusher.start();
    expect(store.rows.size).toBe(0);
    rested(500_000);
    clock.advance(60_000);
    await expect.poll(() => store.rows.size).toBe(1);
  });
});
