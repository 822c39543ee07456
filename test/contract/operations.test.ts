/** Backup, restore, check and the move to a server, as an operator runs them. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import {
  backupFolder,
  checkDatabase,
  exportKeys,
  graduate,
  openStorage,
  restoreFolder,
  type Storage,
  type StorageOptions,
} from '../../src/storage/index.ts';
import { hashToken } from '../../src/tenancy/index.ts';
import { createCleanup, tempDir } from '../support/index.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { callOf } from './storage-rows.contract.ts';

// Every test opens databases in folders, which costs a second or two each.
vi.setConfig({ testTimeout: 60_000 });

const around = { clock: systemClock, logger: silentLogger };
const cleanup = createCleanup();
afterAll(cleanup.run);

let home: string;
let dataDir: string;
let token: string;
let projectId: string;

async function open(options: Partial<StorageOptions>): Promise<Storage> {
  return cleanup.add(await openStorage({ ...around, ...options }), (storage) => storage.close());
}

async function expectToken(storage: Storage): Promise<void> {
  const row = await storage.tokens.lookup(hashToken(storage.keys.tokenPepper, token));
  expect(row?.projectId).toBe(projectId);
}

/** A data folder with rows of every kind that are easy to get wrong on the way. */
beforeAll(async () => {
  home = cleanup.add(await tempDir(), (thing) => thing.remove()).path;
  dataDir = join(home, 'data');
  const storage = await openStorage({ ...around, dataDir });
  projectId = (await storage.projects.create({ name: `a "quoted", (bracketed) \\ näme 🙂` })).id;
  ({ token } = await storage.tokens.create({
    projectId,
    name: 'with a list',
    scopes: ['tools:call'],
    toolAllowList: ['a', 'b"c,{}', 'NULL', ''],
    expiresAtMs: Date.UTC(2040, 0, 1),
  }));
  const calls = Array.from({ length: 2_500 }, (_, index) =>
    callOf(index % 7 === 0 ? undefined : projectId, {
      durationMs: index / 3,
      startedAtMs: Date.now() - index * 3_600_000,
      argumentsHash: index % 2 === 0 ? 'ab'.repeat(32) : undefined,
      subject: `tool ${String(index)} ,()"\\ 🙂`,
    }),
  );
  for (let start = 0; start < calls.length; start += 500) {
    await storage.toolCalls.insertBatch(calls.slice(start, start + 500));
  }
  await storage.close();
});

describe('a check', () => {
  it('tells what is there and changes nothing', async () => {
    const report = await checkDatabase({ ...around, dataDir });
    expect(report).toMatchObject({ kind: 'embedded', pendingMigrations: 0 });
    expect(report.rows).toMatchObject({ projects: 1, tokens: 1, tool_calls: 2_500 });
    expect(report.schemaVersion).toBeGreaterThanOrEqual(1);
  });

  it('makes no database where there is none', async () => {
    const empty = join(home, 'nothing here');
    await expect(checkDatabase({ ...around, dataDir: empty })).rejects.toMatchObject({
      problem: 'folder_unusable',
    });
    expect(existsSync(empty)).toBe(false);
  });

  it('fails as a start would when somebody has changed the schema', async () => {
    const copy = join(home, 'changed');
    const file = join(home, 'for-changed.tar.gz');
    await backupFolder({ ...around, dataDir, file });
    await restoreFolder({ ...around, file, dataDir: copy });
    const storage = await openStorage({ ...around, dataDir: copy });
    const owned = storage.database as unknown as {
      asOwner(fn: (tx: { query(sql: string): Promise<unknown> }) => Promise<unknown>): Promise<unknown>;
    };
    await owned.asOwner((tx) => tx.query('alter table tokens no force row level security'));
    await storage.close();
    await expect(checkDatabase({ ...around, dataDir: copy })).rejects.toMatchObject({ problem: 'isolation' });
  });
});

describe('a backup', () => {
  it('is restored with every row, every key and private modes, and the source serves on', async () => {
    const file = join(home, 'backup.tar.gz');
    const manifest = await backupFolder({ ...around, dataDir, file });
    expect(manifest.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['db/PG_VERSION', 'keys/token-pepper']),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const restored = join(home, 'restored');
    await restoreFolder({ ...around, file, dataDir: restored });
    expect(statSync(restored).mode & 0o777).toBe(0o700);
    expect(statSync(join(restored, 'keys', 'token-pepper')).mode & 0o777).toBe(0o600);
    expect((await checkDatabase({ ...around, dataDir: restored })).rows).toEqual(
      (await checkDatabase({ ...around, dataDir })).rows,
    );
    const storage = await open({ dataDir: restored });
    await expectToken(storage);
    await storage.close();
  });

  it('is refused while a gateway has the folder open, and never replaces a file', async () => {
    const file = join(home, 'running.tar.gz');
    const storage = await open({ dataDir });
    await expect(backupFolder({ ...around, dataDir, file })).rejects.toMatchObject({
      problem: 'folder_in_use',
    });
    await expect(
      restoreFolder({ ...around, dataDir, file: join(home, 'backup.tar.gz') }),
    ).rejects.toMatchObject({
      problem: 'folder_in_use',
    });
    await storage.close();
    writeFileSync(file, 'mine');
    await expect(backupFolder({ ...around, dataDir, file })).rejects.toMatchObject({
      problem: 'file_exists',
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await expect(backupFolder({ ...around, dataDir, file: join(dataDir, 'x.tar.gz') })).rejects.toMatchObject(
      {
        problem: 'bad_option',
      },
    );
    expect(readdirSync(home).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('is not restored over anything', async () => {
    const taken = join(home, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'letter.txt'), 'mine');
    await expect(
      restoreFolder({ ...around, file: join(home, 'backup.tar.gz'), dataDir: taken }),
    ).rejects.toMatchObject({ problem: 'not_empty' });
    expect(readdirSync(taken)).toEqual(['letter.txt']);
  });

  it.each([
    ['it ends too early', (archive: Buffer) => gzipSync(archive.subarray(0, archive.length - 60_000))],
    ['the compressed file ends too early', (archive: Buffer) => gzipSync(archive).subarray(0, 200_000)],
    [
      'one bit of a file is another',
      (archive: Buffer) => {
        const changed = Buffer.from(archive);
        const at = changed.indexOf('keys/token-pepper') + 512 + 5;
        changed[at] = changed[at] === 0x61 ? 0x62 : 0x61;
        return gzipSync(changed, { level: 1 });
      },
    ],
    ['it is something else', () => Buffer.from('a letter')],
    ['it is another archive', () => gzipSync(Buffer.alloc(1_024))],
  ])('is refused when %s, and leaves no folder', async (_what, change) => {
    const name = randomUUID();
    const file = join(home, `${name}.tar.gz`);
    writeFileSync(file, change(gunzipSync(readFileSync(join(home, 'backup.tar.gz')))));
    const target = join(home, name);
    await expect(restoreFolder({ ...around, file, dataDir: target })).rejects.toMatchObject({
      problem: 'backup_damaged',
    });
    expect(readdirSync(home).filter((entry) => entry.startsWith(name))).toEqual([`${name}.tar.gz`]);
  });
});

describe('the move to a server', () => {
  let server: PostgresServer;
  beforeAll(() => {
    server = cleanup.add(startPostgres(), (thing) => thing.remove());
  });

  it('copies every row, keeps tokens valid with the folder or with its exported keys, and leaves the source as it was', async () => {
    const databaseUrl = await server.createDatabase('superuser');
    const before = await checkDatabase({ ...around, dataDir });
    const report = await graduate({ ...around, dataDir, target: { databaseUrl } });
    expect(report).toEqual(before.rows);
    expect((await checkDatabase({ ...around, dataDir })).rows).toEqual(before.rows);
    expect((await checkDatabase({ ...around, databaseUrl })).rows).toEqual(before.rows);

    const here = await open({ dataDir, databaseUrl });
    await expectToken(here);
    const elsewhere = await open({ databaseUrl, env: { BREAKWATER_TOKEN_PEPPER: exportKeys(here.keys) } });
    expect(elsewhere.keys).toEqual(here.keys);
    await expectToken(elsewhere);
    const source = await open({ dataDir });
    const page = { limit: 500 };
    expect(await here.toolCalls.search(projectId, page)).toEqual(
      await source.toolCalls.search(projectId, page),
    );
    expect(await here.tokens.list(projectId)).toMatchObject([{ toolAllowList: ['a', 'b"c,{}', 'NULL', ''] }]);
    await source.close();

    // A second time would mix two histories.
    await expect(graduate({ ...around, dataDir, target: { databaseUrl } })).rejects.toMatchObject({
      problem: 'not_empty',
    });
  });

  it('keeps nothing when a row does not read back as it was', async () => {
    const databaseUrl = await server.createDatabase('superuser');
    const target = await open({ databaseUrl });
    const owned = target.database as unknown as {
      asOwner(fn: (tx: { query(sql: string): Promise<unknown> }) => Promise<unknown>): Promise<unknown>;
    };
    await owned.asOwner(async (tx) => {
      await tx.query(`create function spoil() returns trigger language plpgsql as
        $$ begin new.duration_ms := case when new.subject like 'tool 77 %' then new.duration_ms + 1 else new.duration_ms end; return new; end $$`);
      await tx.query(
        'create trigger spoil before insert on tool_calls for each row execute function spoil()',
      );
    });
    await expect(graduate({ ...around, dataDir, target: { databaseUrl } })).rejects.toMatchObject({
      problem: 'copy_differs',
    });
    expect((await checkDatabase({ ...around, databaseUrl })).rows).toMatchObject({
      projects: 0,
      tool_calls: 0,
    });
  });
});

describe('the command line', () => {
  const run = promisify(execFile);
  const main = fileURLToPath(new URL('../../src/admin/cli/main.ts', import.meta.url));
  const breakwater = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    try {
      const env = { PATH: process.env['PATH'] ?? '', HOME: home };
      const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', main, ...args], { env });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, stdout, stderr };
    }
  };

  it('backs up, restores and checks, with one JSON object on stdout', async () => {
    const file = join(home, 'cli.tar.gz');
    const copy = join(home, 'cli-restored');
    const backup = await breakwater('db', 'backup', file, '--data', dataDir, '--json');
    expect({ ...backup, stdout: JSON.parse(backup.stdout) as object }).toMatchObject({
      code: 0,
      stdout: { file },
      stderr: '',
    });
    expect((await breakwater('db', 'restore', file, '--data', copy)).stdout).toContain(copy);
    const check = await breakwater('db', 'check', '--data', copy, '--json');
    expect(JSON.parse(check.stdout)).toMatchObject({ rows: { tool_calls: 2_500 } });
    const keys = await breakwater('db', 'keys', '--data', copy);
    expect(keys.stdout).toMatch(/^keys1\.[0-9a-f]{128}\n$/);
    appendFileSync(file, 'x');
    const failed = await breakwater('db', 'restore', file, '--data', copy);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('not empty');
  });
});
