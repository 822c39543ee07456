import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { isJsonObject } from '../../platform/json.ts';

/** Folders above a script in which its package is looked for. */
const LEVELS_MAX = 10;

/** Words of a command that can be the script: interpreters and options come before it. */
const WORDS_MAX = 8;

const SCRIPTS: ReadonlySet<string> = new Set(['', '.js', '.mjs', '.cjs', '.ts', '.mts']);

/**
 * Version of the npm package that a command runs a file of; undefined when it
 * runs none, such as `npx` or a program of the system.
 */
export async function packageVersionOf(words: readonly string[], cwd?: string): Promise<string | undefined> {
  for (const word of words.slice(0, WORDS_MAX)) {
    if (!word.includes('/') && !word.includes('\\')) continue;
    try {
      const file = await realpath(resolve(cwd ?? '.', word));
      const isScript = SCRIPTS.has(extname(file)) && file !== (await realpath(process.execPath));
      if (!isScript || !(await stat(file)).isFile()) continue;
      const version = await nearestVersion(dirname(file));
      if (version !== undefined) return version;
    } catch {
      // Not a file: an address or an option.
    }
  }
  return undefined;
}

async function nearestVersion(start: string): Promise<string | undefined> {
  let folder = start;
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    try {
      const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      // A manifest without a name only sets the module type of a folder.
      if (isJsonObject(manifest) && typeof manifest['name'] === 'string') {
        return typeof manifest['version'] === 'string' ? manifest['version'] : undefined;
      }
    } catch {
      // None here; the next folder may have one.
    }
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return undefined;
}
