import { readdirSync, readFileSync } from 'node:fs';

/** The kernel reports CPU time in ticks of this length; 100 per second on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  /** User and system time of all threads, and of children that have ended. */
  readonly seconds: number;
}

function readProcess(pid: number): ProcessTimes | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The command name is in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): number => Number(fields[index] ?? 0);
  // Counted from `state`: 1 = parent, 11…14 = utime, stime, cutime, cstime.
  return { parent: field(1), seconds: (field(11) + field(12) + field(13) + field(14)) / TICKS_PER_SECOND };
}

/** CPU seconds used so far by `roots` and everything that they have started. */
export function cpuSecondsOf(roots: readonly number[]): number {
  const all = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const times = Number.isInteger(pid) ? readProcess(pid) : undefined;
    if (times !== undefined) all.set(pid, times);
  }
  let seconds = 0;
  for (const [pid, times] of all) {
    if (isUnder(pid, roots, all)) seconds += times.seconds;
  }
  return seconds;
}

function isUnder(pid: number, roots: readonly number[], all: ReadonlyMap<number, ProcessTimes>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = all.get(at)?.parent) {
    if (roots.includes(at)) return true;
  }
  return false;
}

/**
 * CPU seconds that all processes of the machine have used. Interrupt time is
 * left out: no process is charged for it, so it would look like foreign load.
 */
export function machineCpuSeconds(): number {
  const [user, nice, system] = readFileSync('/proc/stat', 'latin1')
    .slice(0, 400)
    .split('\n', 1)[0]
    ?.split(/\s+/)
    .slice(1, 4)
    .map(Number) ?? [0, 0, 0];
  return ((user ?? 0) + (nice ?? 0) + (system ?? 0)) / TICKS_PER_SECOND;
}
