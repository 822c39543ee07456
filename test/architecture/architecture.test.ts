import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FOLDER_RULES, PACKAGE_OWNERS, ROOT_FILES } from './import-rules.ts';

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), '../../src');

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly isTypeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Static, re-exporting and dynamic imports of one file. */
function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8');
  const file = relative(SRC, path);
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?([^'";]*?\s+from\s+)?'([^']+)'/gm)) {
    const names = match[2] ?? '';
    const braces = /\{([^}]*)\}/.exec(names)?.[1];
    const allTypes =
      braces !== undefined &&
      !/^\s*[A-Za-z_$]/.test(names.slice(0, names.indexOf('{')).trim()) &&
      braces
        .split(',')
        .filter((name) => name.trim() !== '')
        .every((name) => name.trim().startsWith('type '));
    found.push({ file, specifier: match[3] ?? '', isTypeOnly: match[1] !== undefined || allTypes });
  }
  for (const match of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) {
    found.push({ file, specifier: match[1] ?? '', isTypeOnly: false });
  }
  return found;
}

/** `upstream/http/client.ts` → `upstream`; a file in `src/` itself → its own name. */
function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file;
}

const files = sourceFiles(SRC);
const production = files.filter((path) => !path.endsWith('.test.ts') && !path.includes('/fixtures/'));
const imports = production.flatMap(importsOf);
const local = imports
  .filter((found) => found.specifier.startsWith('.'))
  .map((found) => ({ ...found, target: relative(SRC, resolve(SRC, dirname(found.file), found.specifier)) }))
  .filter((found) => !found.target.startsWith('..'));

describe('the architecture', () => {
  it('is scanned at all: an empty scan would pass every rule', () => {
    expect(production.length).toBeGreaterThan(50);
    expect(local.length).toBeGreaterThan(100);
    expect(
      local.some((found) => folderOf(found.file) === 'gateway' && folderOf(found.target) === 'pipeline'),
    ).toBe(true);
  });

  it('has a rule for every folder, and no rule for a folder that is gone', () => {
    const folders = new Set(production.map((path) => folderOf(relative(SRC, path))));
    const ruled = new Set([...Object.keys(FOLDER_RULES), ...Object.keys(ROOT_FILES)]);
    expect([...folders].filter((folder) => !ruled.has(folder))).toEqual([]);
  });

  it('lets each folder import only what its rule names', () => {
    const broken = local.filter(({ file, target, isTypeOnly }) => {
      const from = folderOf(file);
      const to = folderOf(target);
      if (from === to) return false;
      const rooted = ROOT_FILES[from];
      if (rooted !== undefined) return !rooted.includes(to);
      const rule = FOLDER_RULES[from];
      if (rule === undefined) return true;
      return !rule.imports.includes(to) && !(isTypeOnly && rule.types.includes(to));
    });
    expect(broken.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('crosses folders only through their index, or through a type-only contract file', () => {
    const broken = local.filter(({ file, target, isTypeOnly }) => {
      const to = folderOf(target);
      if (folderOf(file) === to || to === 'platform') return false;
      return !target.endsWith('/index.ts') && !isTypeOnly;
    });
    expect(broken.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('keeps each package and each door to the outside in the folder that owns it', () => {
    const broken = imports.filter(({ file, specifier, isTypeOnly }) => {
      const owners = PACKAGE_OWNERS[specifier];
      if (owners === undefined || isTypeOnly) return false;
      return !owners.some((owner) => file.startsWith(`${owner}/`) || file === owner);
    });
    expect(broken.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('reads time, timers and chance only in platform', () => {
    const broken = production
      .filter((path) => !['platform', 'testing'].includes(folderOf(relative(SRC, path))))
      .filter((path) =>
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|(?<![.\w#])(?:setTimeout|setInterval|fetch)\(/.test(
          readFileSync(path, 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, ''),
        ),
      );
    expect(broken.map((path) => relative(SRC, path))).toEqual([]);
  });

  it('keeps every source file under 500 lines', () => {
    const long = files.filter((path) => readFileSync(path, 'utf8').split('\n').length > 500);
    expect(long.map((path) => relative(SRC, path))).toEqual([]);
  });
});
