import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inspectDatabaseFolder, installDatabase } from './folder.ts';
import { writeTar } from './tar.ts';

function folder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'breakwater-folder-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'db');
}

describe('inspectDatabaseFolder', () => {
  it('takes no folder and an empty folder for a first start', () => {
    const path = folder();
    expect(inspectDatabaseFolder(path)).toBe('missing');
    mkdirSync(path);
    expect(inspectDatabaseFolder(path)).toBe('missing');
  });

  it('says which version wrote a database that cannot be opened, and what to do', () => {
    const path = folder();
    mkdirSync(path);
    writeFileSync(join(path, 'PG_VERSION'), '17\n');
    expect(() => inspectDatabaseFolder(path)).toThrow(
      /was written by PostgreSQL 17; this release embeds PostgreSQL 18/,
    );
  });

  it('does not touch a folder with other things in it', () => {
    const path = folder();
    mkdirSync(path);
    writeFileSync(join(path, 'thesis.txt'), 'x');
    expect(() => inspectDatabaseFolder(path)).toThrow(/is no database folder/);
  });
});

describe('installDatabase', () => {
  it('unpacks everything for this user only, and replaces what an interrupted start left', async () => {
    const path = folder();
    mkdirSync(`${path}.partial`);
    writeFileSync(join(`${path}.partial`, 'half'), 'x');
    await installDatabase(
      path,
      writeTar([
        { path: 'base', isDirectory: true, data: Buffer.alloc(0) },
        { path: 'base/1', isDirectory: false, data: Buffer.from('one') },
        { path: 'PG_VERSION', isDirectory: false, data: Buffer.from('18\n') },
      ]),
    );
    expect(readdirSync(path).sort()).toEqual(['PG_VERSION', 'base']);
    expect(readFileSync(join(path, 'base/1'), 'utf8')).toBe('one');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  it('leaves nothing under the name of the database when the archive is damaged', async () => {
    const path = folder();
    const archive = writeTar([{ path: 'a', isDirectory: false, data: Buffer.alloc(2_000) }]);
    await expect(installDatabase(path, archive.subarray(0, 1_024))).rejects.toThrow('damaged');
    expect(existsSync(path)).toBe(false);
  });
});
