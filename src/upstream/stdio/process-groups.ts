/** Groups of children that are alive, by the process id of their leader. */
const alive = new Set<number>();
let isInstalled = false;

/**
 * Signals a whole process group: servers are often started through `npx` or a
 * shell, and killing only the direct child leaves the real server running.
 * Returns false when nothing was there to signal.
 */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    // Windows has no process groups; there the direct child is all that can be reached.
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Remembers a group so that it dies with this process, best effort. */
export function registerGroup(pid: number): void {
  alive.add(pid);
  if (isInstalled) return;
  isInstalled = true;
  process.once('exit', () => {
    for (const leader of alive) signalGroup(leader, 'SIGKILL');
  });
}

export function forgetGroup(pid: number): void {
  alive.delete(pid);
}
