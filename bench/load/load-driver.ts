import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Counted, FromWorker, ToWorker } from './messages.ts';
import type { CallTemplate } from './request-template.ts';

export interface LoadCell {
  readonly template: CallTemplate;
  readonly connections: number;
  readonly text: string;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Called when counting starts and when it ends, to read the CPU of the target. */
  readonly onWindow: (edge: 'start' | 'end') => void;
}

/** What all load processes saw together. */
export interface LoadResult {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly problem: string | undefined;
}

/** Ids of one process never reach the range of the next. */
const ID_RANGE_PER_WORKER = 1_000_000_000;

/**
 * The load processes. Two are enough to outrun every target on two cores, and
 * a third would only take CPU from what is measured.
 */
export class LoadDriver {
  readonly #workers: readonly ChildProcess[];

  private constructor(workers: readonly ChildProcess[]) {
    this.#workers = workers;
  }

  static async start(processes: number): Promise<LoadDriver> {
    const path = fileURLToPath(new URL('./load-worker.process.ts', import.meta.url));
    const workers: ChildProcess[] = [];
    for (let index = 0; index < processes; index += 1) {
      const worker = fork(path, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
      workers.push(worker);
      await nextMessage(worker);
    }
    return new LoadDriver(workers);
  }

  /** Process ids, so that their CPU is not taken for foreign load. */
  get pids(): readonly number[] {
    return this.#workers.flatMap((worker) => worker.pid ?? []);
  }

  async run(cell: LoadCell): Promise<LoadResult> {
    const busy = this.#workers.slice(0, Math.min(this.#workers.length, cell.connections));
    for (const [index, worker] of busy.entries()) {
      const share =
        Math.floor(cell.connections / busy.length) + (index < cell.connections % busy.length ? 1 : 0);
      const idOffset = index * ID_RANGE_PER_WORKER;
      tell(worker, { kind: 'run', template: cell.template, connections: share, idOffset, text: cell.text });
    }
    await delay(cell.warmUpMs);
    cell.onWindow('start');
    for (const worker of busy) tell(worker, { kind: 'measure' });
    await delay(cell.measureMs);
    cell.onWindow('end');
    const counted = await Promise.all(
      busy.map(async (worker) => {
        const answer = nextMessage(worker);
        tell(worker, { kind: 'stop' });
        return answer;
      }),
    );
    return summarise(counted.flatMap((message) => (message.kind === 'done' ? [message.counted] : [])));
  }

  stop(): void {
    for (const worker of this.#workers) worker.disconnect();
  }
}

function tell(worker: ChildProcess, message: ToWorker): void {
  worker.send(message);
}

function nextMessage(worker: ChildProcess): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message) => {
      worker.removeAllListeners('exit');
      resolve(message as FromWorker);
    });
    worker.once('exit', (code) => reject(new Error(`a load process ended with code ${code}`)));
  });
}

function summarise(parts: readonly Counted[]): LoadResult {
  const calls = parts.reduce((sum, part) => sum + part.calls, 0);
  const sorted = new Uint32Array(parts.reduce((sum, part) => sum + part.latenciesUs.length, 0));
  let at = 0;
  for (const part of parts) {
    sorted.set(part.latenciesUs, at);
    at += part.latenciesUs.length;
  }
  sorted.sort();
  const quantileMs = (q: number): number =>
    (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0) / 1000;
  return {
    calls,
    callsPerSecond: parts.reduce((sum, part) => sum + (part.calls * 1000) / part.elapsedMs, 0),
    p50Ms: quantileMs(0.5),
    p99Ms: quantileMs(0.99),
    problem:
      parts.find((part) => part.problem !== undefined)?.problem ??
      (calls === 0 ? 'no call was answered' : undefined),
  };
}
