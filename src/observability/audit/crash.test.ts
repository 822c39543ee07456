import { spawn } from 'node:child_process';
import { readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import { MemoryStore, recordOf } from './fixtures.ts';
import { AuditFlusher } from './flusher.ts';
import { AuditJournal } from './journal.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `body` with a journal in a process of its own, which kills itself with SIGKILL at the end of it. */
async function runAndKill(folder: string, body: string): Promise<void> {
  const here = (file: string): string => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  const script = `
    import { AuditJournal } from ${here('./journal.ts')};
    import { intentOf, recordOf } from ${here('./fixtures.ts')};
    import { systemClock } from ${here('../../platform/clock.ts')};
    import { silentLogger } from ${here('../../platform/logger.ts')};
    const journal = await AuditJournal.open({ folder: ${JSON.stringify(folder)}, clock: systemClock, logger: silentLogger });
    ${body}
    process.kill(process.pid, 'SIGKILL');
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
  });
  const signal = await new Promise((resolve) => {
    child.once('exit', (_code, name) => resolve(name));
  });
  expect(signal).toBe('SIGKILL');
}

async function replay(folder: string): Promise<MemoryStore> {
  const store = new MemoryStore();
  const journal = await AuditJournal.open({ folder, clock: systemClock, logger: silentLogger });
  const flusher = new AuditFlusher({ journal, store, clock: systemClock, logger: silentLogger });
  await flusher.start();
  await flusher.close();
  journal.close();
  return store;
}

describe('kill -9', () => {
  it('right after the announcement leaves a call that is closed as abandoned', async () => {
    const folder = temporaryFolder();
    await runAndKill(folder, `await journal.intent(intentOf('c1'));`);
    const store = await replay(folder);
    expect(store.rows.size).toBe(1);
    expect(store.byId('c1')).toMatchObject({
      kind: 'abandoned',
      status: 'error',
      commitState: 'unknown',
      subject: 'tickets_list',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('after the outcome was written leaves the exact row', async () => {
    const folder = temporaryFolder();
    await runAndKill(
      folder,
      `await journal.intent(intentOf('c1'));
       journal.outcome(recordOf('c1', { durationMs: 3.25 }));
       await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));`,
    );
    const store = await replay(folder);
    expect([...store.rows.values()]).toEqual([recordOf('c1', { durationMs: 3.25 })]);
  });
});
