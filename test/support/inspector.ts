import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface InspectorRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it printed, as JSON. Throws when it printed something else. */
  readonly json: () => unknown;
}

const PACKAGE = '@modelcontextprotocol/inspector-cli';
const RUN_TIMEOUT_MS = 30_000;

/** The folder of the Inspector's command line. It exports no file, so the module folders are searched. */
function inspectorFolder(): string {
  const resolver = createRequire(import.meta.url);
  const folders = resolver.resolve.paths(PACKAGE) ?? [];
  const found = folders.map((folder) => join(folder, PACKAGE)).find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`${PACKAGE} is not installed`);
  return found;
}

/**
 * Runs the Inspector's command line in `--cli` mode. It is used from its own
 * package, which has no engine requirement, because the full Inspector asks
 * for a Node newer than our floor. It looks for its `package.json` relative to
 * the working directory, hence `cwd`.
 *
 * @param words Target and options, for example `[url, '--method', 'tools/list']`.
 */
export function runInspector(words: readonly string[]): Promise<InspectorRun> {
  const build = join(inspectorFolder(), 'build');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(build, 'cli.js'), '--cli', ...words],
      {
        cwd: build,
        timeout: RUN_TIMEOUT_MS,
        // It starts `node` by name; that must be the Node that runs the tests.
        env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) as unknown });
      },
    );
  });
}
