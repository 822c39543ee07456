import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who wrote a file, so that another process can tell whether the writer still
 * lives. A process id alone does not say: ids are reused, and each container
 * counts from 1.
 */
export interface ProcessIdentity {
  /** Machine, boot and process namespace: ids can be compared only where this is equal. */
  readonly host: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot; `''` where the system does not tell. */
  readonly start: string;
  /** Differs even between two owners in one process. */
  readonly nonce: string;
}

/** `dead` and `alive` are certain; `unknown` is another host or namespace, where only a heartbeat tells. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** The identity of this process, with a new nonce. */
export function createProcessIdentity(): ProcessIdentity {
  return {
    host: hostIdentity(),
    pid: process.pid,
    start: processStart(process.pid) ?? '',
    nonce: randomBytes(8).toString('hex'),
  };
}

/** Whether the process with this identity still runs. */
export function livenessOf(identity: ProcessIdentity): Liveness {
  if (identity.host !== hostIdentity()) return 'unknown';
  if (!isRunning(identity.pid)) return 'dead';
  const start = processStart(identity.pid);
  // The id runs, but belongs to a process that started at another time: it was reused.
  if (start !== undefined && identity.start !== '' && start !== identity.start) return 'dead';
  return 'alive';
}

/** Reads an identity back; undefined when the value is anything else. */
export function parseProcessIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, pid, start, nonce } = value as Partial<Record<keyof ProcessIdentity, unknown>>;
  if (typeof host !== 'string' || typeof start !== 'string' || typeof nonce !== 'string') return undefined;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { host, pid, start, nonce };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of `/proc/<pid>/stat`; the name in field 2 may hold spaces and brackets, so fields count from the last one. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

let cachedHost: string | undefined;

function hostIdentity(): string {
  cachedHost ??= [hostname(), readOr('/proc/sys/kernel/random/boot_id'), linkOr('/proc/self/ns/pid')].join(
    '/',
  );
  return cachedHost;
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
