import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, statSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/logger.ts';
import { openStorage, type Storage } from './open.ts';
import { openEmbedded } from './pglite/open.ts';

function temporaryFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'breakwater-storage-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return parent;
}

function open(dataDir: string, seedPath?: string): Promise<Storage> {
  return openStorage({ dataDir, clock: systemClock, logger: silentLogger, seedPath });
}

/** A process that makes projects named 0, 1, 2 … as fast as it can, and prints each name when it is acknowledged. */
function startWriter(dataDir: string): ChildProcess {
  const here = (file: string): string => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  const script = `
    import { openStorage } from ${here('./open.ts')};
    import { systemClock } from ${here('../platform/clock.ts')};
    import { silentLogger } from ${here('../platform/logger.ts')};
    const storage = await openStorage({ dataDir: ${JSON.stringify(dataDir)}, clock: systemClock, logger: silentLogger });
    for (let name = 0; ; name += 1) {
      await storage.projects.create({ name: String(name) });
      process.stdout.write(name + '\\n');
    }`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
}

describe('the embedded database in a folder', () => {
  it('makes a private folder without a prepared database, and has everything again after a restart', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const first = await open(dataDir, 'none');
    const project = await first.projects.create({ name: 'kept' });
    const { token } = await first.tokens.create({ projectId: project.id, name: 't', scopes: [] });
    await first.close();
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'db')).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir).sort()).toEqual(['db', 'keys']);

    const second = await open(dataDir);
    expect(await second.projects.get(project.id)).toEqual(project);
    expect(await second.tokens.list(project.id)).toHaveLength(1);
    expect(second.keys).toEqual(first.keys);
    expect(token).toMatch(/^bw_live_/);
    await second.close();
    await expect(second.projects.list()).rejects.toMatchObject({ problem: 'closed' });
  }, 60_000);

  it('refuses a second process, and has every acknowledged row after kill -9 of the first', async () => {
    const dataDir = temporaryFolder();
    const writer = startWriter(dataDir);
    const acknowledged: string[] = [];
    const lines = createInterface({ input: writer.stdout as NonNullable<typeof writer.stdout> });
    await new Promise<void>((resolve) => {
      lines.on('line', (name) => {
        acknowledged.push(name);
        if (acknowledged.length === 20) resolve();
      });
    });
    await expect(open(dataDir)).rejects.toMatchObject({
      problem: 'folder_in_use',
      message: expect.stringMatching(new RegExp(`Process ${writer.pid} uses the data folder`)),
    });
    const exit = new Promise((resolve) => writer.once('close', resolve));
    writer.kill('SIGKILL');
    await exit;

    const storage = await open(dataDir);
    const names = new Set((await storage.projects.list()).map(({ name }) => name));
    expect(acknowledged.slice(0, 500).filter((name) => !names.has(name))).toEqual([]);
    await storage.close();
    expect(existsSync(join(dataDir, 'lock.json'))).toBe(false);
  }, 60_000);

  it('gives the folder back when it cannot be opened', async () => {
    const dataDir = temporaryFolder();
    await expect(open(dataDir, join(dataDir, 'no-such-seed'))).rejects.toMatchObject({
      problem: 'folder_unusable',
    });
    expect(existsSync(join(dataDir, 'lock.json'))).toBe(false);
  });

  it('is reopened when a statement never ends, with everything that was committed', async () => {
    const dataDir = temporaryFolder();
    const options = { dataDir, clock: systemClock, logger: silentLogger };
    await (await openStorage(options)).close();
    const database = await openEmbedded({ ...options, statementMsMax: 400 });
    const missed: string[] = [];
    await database.listen('bw_tokens', (payload) => missed.push(payload));
    await database.asOwner((connection) => connection.query('create table kept as select 1 as a'));
    const stuck = database.query(`do $$ begin loop perform 1; end loop; end $$`);
    const behind = database.query('select 1');
    await expect(stuck).rejects.toThrow('the embedded database has stopped');
    await behind.catch(() => undefined);
    const { rows } = await database.asOwner((connection) => connection.query('select a from kept'));
    expect(rows).toEqual([{ a: 1 }]);
    // What was said while nobody listened is lost, so whoever caches is told to forget.
    expect(missed).toEqual(['']);
    await database.close();
  }, 60_000);
});
