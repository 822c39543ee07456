import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tempDir } from './temp-dir.ts';

/** The built command line. `npm run build` makes it; tests of it test what is shipped. */
export const GATEWAY_CLI: string = fileURLToPath(new URL('../../dist/admin/cli/main.js', import.meta.url));

export interface GatewayOptions {
  /** Written to a `breakwater.json`. */
  readonly config: object;
  /** Kept when the gateway stops. Default: a folder of its own that is removed. */
  readonly dataDir?: string;
  /** Beside a minimal environment: nothing of the tester's own leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further words for `serve`. */
  readonly args?: readonly string[];
}

/** How a process ended: its code, or the signal that ended it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GatewayProcess {
  /** The aggregated endpoint. */
  readonly url: string;
  /** Empty when the data folder had one already: a token is shown once. */
  readonly token: string;
  readonly projectId: string;
  readonly pid: number;
  /** The unprefixed endpoint of one upstream. */
  readonly endpointOf: (upstream: string) => string;
  /** Everything it wrote to stderr so far. */
  readonly stderr: () => string;
  /** SIGTERM without waiting for the end; see `ended`. */
  readonly terminate: () => void;
  /** SIGKILL: nothing gets the chance to be written. */
  readonly kill: () => Promise<Ending>;
  readonly ended: Promise<Ending>;
  /** SIGTERM and wait. Safe to call when it has ended already. */
  readonly stop: () => Promise<Ending>;
}

/** A first start creates a database, which takes seconds on a slow machine. */
const READY_TIMEOUT_MS = 60_000;
/** Longer than the drain (30 s by default), so that a drain that works is never cut short by the harness. */
const STOP_TIMEOUT_MS = 45_000;
const STDERR_CHARS_MAX = 1024 * 1024;

/** Starts `breakwater serve --json` and waits for its ready line. Rejects, with its stderr, when it does not come. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  if (!existsSync(GATEWAY_CLI)) throw new Error(`${GATEWAY_CLI} is missing: run "npm run build"`);
  const own = await tempDir();
  const dataDir = options.dataDir ?? join(own.path, 'data');
  const configPath = await writeGatewayConfig(own.path, options.config);
  const words = ['serve', '--json', '--config', configPath, '--data', dataDir, '--port', '0'];
  const child = spawn(process.execPath, [GATEWAY_CLI, ...words, ...(options.args ?? [])], {
    env: gatewayEnvironment(own.path, options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = collect(child);
  const ended = endingOf(child).then(async (ending) => {
    await own.remove();
    return ending;
  });
  try {
    const ready = await readyLine(child, ended);
    return {
      ...ready,
      pid: child.pid ?? 0,
      endpointOf: (upstream) => `${ready.url}/${upstream}`,
      stderr,
      ended,
      terminate: () => void child.kill('SIGTERM'),
      kill: () => {
        child.kill('SIGKILL');
        return ended;
      },
      stop: () => stopChild(child, ended),
    };
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw new Error(`the gateway did not start: ${String(error)}\n${stderr()}`);
  }
}

/** Writes `breakwater.json` into `folder`, for a gateway that a client starts by itself. Returns its path. */
export async function writeGatewayConfig(folder: string, config: object): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'breakwater.json');
  await writeFile(path, JSON.stringify(config, null, 2));
  return path;
}

/** `PATH` and a home of its own: the gateway must not depend on, or write into, the tester's home. */
export function gatewayEnvironment(
  home: string,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, ...extra };
}

interface Ready {
  readonly url: string;
  readonly token: string;
  readonly projectId: string;
}

interface ReadyLine {
  readonly event?: string;
  readonly url: string;
  readonly token?: string | null;
  readonly project_id: string;
}

async function readyLine(child: ChildProcess, ended: Promise<Ending>): Promise<Ready> {
  if (child.stdout === null) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout });
  const found = new Promise<Ready>((resolve, reject) => {
    lines.once('line', (line) => {
      // The contract is exactly one line; anything before it would break scripts that read it.
      try {
        const ready = JSON.parse(line) as ReadyLine;
        if (ready.event !== 'ready') throw new Error('not a ready line');
        resolve({ url: ready.url, token: ready.token ?? '', projectId: ready.project_id });
      } catch (error) {
        reject(new Error(`unexpected first line on stdout: ${line.slice(0, 200)} (${String(error)})`));
      }
    });
  });
  const early = ended.then(({ code, signal }) => {
    throw new Error(`it ended with ${code ?? signal} before it was ready`);
  });
  const late = delay(READY_TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw new Error(`no ready line within ${READY_TIMEOUT_MS} ms`);
  });
  return Promise.race([found, early, late]);
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-STDERR_CHARS_MAX);
  });
  return () => text;
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  // Not `close`: a stdio upstream that outlives a killed gateway may hold its pipes for a moment.
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

async function stopChild(child: ChildProcess, ended: Promise<Ending>): Promise<Ending> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}
