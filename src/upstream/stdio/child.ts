import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../platform/clock.ts';
import { STDIO_STDIN_BYTES_MAX, STDIO_STOP_STEP_MS } from '../../platform/limits.ts';
import { forgetGroup, registerGroup, signalGroup } from './process-groups.ts';

/** A command as the operator configured it; never put together from a caller's text, never run by a shell. */
export interface ChildCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

export interface ChildEvents {
  onStdout(chunk: Buffer): void;
  onStderr(chunk: Buffer): void;
  /** Called once; nothing comes after it. `reason` is for the log. */
  onDown(reason: string): void;
}

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * One child process, leader of its own group. The group is killed when the
 * leader is gone, whatever the reason, so no grandchild outlives it.
 */
export class Child {
  readonly #clock: Clock;
  readonly #events: ChildEvents;
  #process: Process | undefined;
  #isDown = false;
  #onDown: (() => void) | undefined;

  constructor(command: ChildCommand, clock: Clock, events: ChildEvents) {
    this.#clock = clock;
    this.#events = events;
    try {
      this.#process = this.#spawn(command);
    } catch {
      // Arguments that the system refuses outright, for example with a NUL in them.
      queueMicrotask(() => this.#down('spawn_refused'));
    }
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Queues bytes for the child; false when it is gone or has not read what is already waiting. */
  write(bytes: Buffer): boolean {
    const stdin = this.#process?.stdin;
    if (this.#isDown || stdin === undefined || !stdin.writable) return false;
    if (stdin.writableLength + bytes.length > STDIO_STDIN_BYTES_MAX) return false;
    stdin.write(bytes);
    return true;
  }

  /** Kills the group at once. */
  kill(reason: string): void {
    const pid = this.pid;
    if (pid !== undefined && !this.#isDown) signalGroup(pid, 'SIGKILL');
    this.#down(reason);
  }

  /** Asks the child to leave: end of stdin, then SIGTERM, then SIGKILL, a step apart. Resolves when it is gone. */
  stop(): Promise<void> {
    const pid = this.pid;
    if (this.#isDown || pid === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      let cancelTimer = this.#clock.after(STDIO_STOP_STEP_MS, () => {
        signalGroup(pid, 'SIGTERM');
        cancelTimer = this.#clock.after(STDIO_STOP_STEP_MS, () => this.kill('killed'));
      });
      this.#onDown = () => {
        cancelTimer();
        resolve();
      };
      this.#process?.stdin.end();
    });
  }

  #spawn(command: ChildCommand): Process {
    const child = spawn(command.command, command.args, {
      cwd: command.cwd,
      env: command.env,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) registerGroup(pid);
    child.on('error', () => this.#down('spawn_failed'));
    child.on('exit', (code, signal) => this.#onExit(pid, signal ?? `exit ${code ?? 'unknown'}`));
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.#isDown) this.#events.onStdout(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => this.#events.onStderr(chunk));
    // A child that closes its stdin can no longer be asked anything.
    child.stdin.on('error', () => this.kill('stdin_closed'));
    child.stdout.on('error', () => this.kill('stdout_failed'));
    child.stderr.on('error', () => {});
    return child;
  }

  /**
   * The last answer may still be in the pipe, so the streams are read to their
   * end. A process that left the group can hold them open; it is not waited for.
   */
  #onExit(pid: number | undefined, reason: string): void {
    if (pid !== undefined) {
      signalGroup(pid, 'SIGKILL');
      forgetGroup(pid);
    }
    if (this.#isDown) return;
    const cancelTimer = this.#clock.after(STDIO_STOP_STEP_MS, () => this.#down(reason));
    this.#process?.once('close', () => {
      cancelTimer();
      this.#down(reason);
    });
  }

  #down(reason: string): void {
    if (this.#isDown) return;
    this.#isDown = true;
    this.#process?.stdin.destroy();
    this.#process?.stdout.destroy();
    this.#process?.stderr.destroy();
    this.#events.onDown(reason);
    this.#onDown?.();
  }
}
