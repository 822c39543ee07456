import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A running target or upstream. */
export interface TargetProcess {
  readonly pid: number;
  readonly url: string;
  /** Bearer token, if the target wants one. */
  readonly token: string | undefined;
  readonly stop: () => Promise<void>;
}

export interface LaunchOptions {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A first start of an embedded database takes several seconds on a slow machine. */
const READY_TIMEOUT_MS = 60_000;
/** After SIGTERM; a target that hangs longer is killed, so that no process outlives the benchmark. */
const STOP_TIMEOUT_MS = 10_000;
/** Kept for the message when a target does not start. */
const STDERR_CHARS_MAX = 4_000;

/** The command that runs one of our `*.process.ts` files. */
export function tsxCommand(file: string, ...args: readonly string[]): string[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return [process.execPath, '--import', 'tsx', path, ...args];
}

/** Starts a process and waits for its ready line on stdout. */
export async function launch(options: LaunchOptions): Promise<TargetProcess> {
  const [command = '', ...args] = options.command;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', ...options.env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARS_MAX);
  });
  try {
    const { url, token } = await readyLine(child);
    if (child.pid === undefined) throw new Error('no process id');
    return { pid: child.pid, url, token, stop: () => stopChild(child) };
  } catch (error) {
    await stopChild(child);
    throw new Error(`${options.command.join(' ')}: ${String(error)}\n${stderr}`);
  }
}

interface ReadyLine {
  readonly event?: string;
  readonly url: string;
  readonly token?: string;
}

function readyLine(child: ChildProcess): Promise<{ url: string; token: string | undefined }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no ready line in time')), READY_TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ended with code ${code} before it was ready`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const ready = JSON.parse(line) as ReadyLine;
      if (ready.event !== 'ready') return;
      clearTimeout(timer);
      resolve({ url: ready.url, token: ready.token });
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
