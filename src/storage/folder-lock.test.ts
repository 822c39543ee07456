import { existsSync, mkdtempSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../platform/logger.ts';
import { createProcessIdentity } from '../platform/process-identity.ts';
import { TestClock } from '../testing/test-clock.ts';
import { StorageError } from './errors.ts';
import { lockFolder } from './folder-lock.ts';

function setUp() {
  const parent = mkdtempSync(join(tmpdir(), 'breakwater-lock-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const folder = parent;
  const clock = new TestClock();
  let lostCount = 0;
  const lock = () =>
    lockFolder(folder, {
      clock,
      logger: silentLogger,
      onLost: () => {
        lostCount += 1;
      },
    });
  return { folder, clock, lock, lost: () => lostCount, file: join(folder, 'lock.json') };
}

/** Lets the lock look again after each heartbeat. */
async function passTime(clock: TestClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    // The wait on another host opens a socket first, which takes turns of the real loop.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
  }
}

describe('lockFolder', () => {
  it('refuses a second owner with the folder and what to do, and admits it after the release', async () => {
    const { folder, lock, file } = setUp();
    const first = await lock();
    const refusal = await lock().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StorageError);
    expect(refusal).toMatchObject({ problem: 'folder_in_use' });
    expect(String(refusal)).toContain(folder);
    expect(String(refusal)).toContain(String(process.pid));
    await first.release();
    expect(existsSync(file)).toBe(false);
    await (await lock()).release();
  });

  it('takes over at once from a process of this machine that is dead', async () => {
    const { lock, file } = setUp();
    writeFileSync(file, JSON.stringify({ ...createProcessIdentity(), pid: 2 ** 22 + 1 }));
    await (await lock()).release();
  });

  it('is not fooled by a process id that was given to another process', async () => {
    const { lock, file } = setUp();
    writeFileSync(file, JSON.stringify({ ...createProcessIdentity(), start: '1' }));
    await (await lock()).release();
  });

  it('refuses while an owner in another container renews its heartbeat', async () => {
    const { clock, lock, file } = setUp();
    const owner = { ...createProcessIdentity(), host: 'another container' };
    writeFileSync(file, JSON.stringify({ ...owner, beat: 1 }));
    const refusal = lock().catch((error: unknown) => error);
    await passTime(clock, 2_000);
    writeFileSync(file, JSON.stringify({ ...owner, beat: 2 }));
    await passTime(clock, 12_000);
    expect(await refusal).toMatchObject({ problem: 'folder_in_use' });
  });

  it('takes over when the heartbeat of another container has stood still for ten seconds', async () => {
    const { clock, lock, file } = setUp();
    writeFileSync(file, JSON.stringify({ ...createProcessIdentity(), host: 'another container', beat: 1 }));
    let isOurs = false;
    const taken = lock().then((lockOfOurs) => {
      isOurs = true;
      return lockOfOurs;
    });
    await passTime(clock, 9_000);
    expect(isOurs).toBe(false);
    await passTime(clock, 2_000);
    await (await taken).release();
  });

  it('renews its heartbeat, and tells once when somebody else has taken the folder', async () => {
    const { clock, lock, lost, file } = setUp();
    const lockOfOurs = await lock();
    const before = readFileSync(file, 'utf8');
    clock.advance(2_500);
    expect(readFileSync(file, 'utf8')).not.toBe(before);
    expect(lost()).toBe(0);
    const other = JSON.stringify({ ...createProcessIdentity(), host: 'another container' });
    writeFileSync(file, other);
    clock.advance(10_000);
    expect(lost()).toBe(1);
    await lockOfOurs.release();
    expect(readFileSync(file, 'utf8')).toBe(other);
  });
});
