import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CancelTimer, Clock } from '../../platform/clock.ts';
import { EMBEDDED_STATEMENT_MS_MAX } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { StorageError } from '../errors.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './messages.ts';

export interface EngineOptions extends WorkerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default `EMBEDDED_STATEMENT_MS_MAX`. */
  readonly statementMsMax?: number;
}

/** Who receives what the engine answers. */
export interface EngineClient {
  onBytes(data: Uint8Array): void;
  onLost(error: Error): void;
}

/** Time for the final checkpoint; a folder that was not closed in time recovers at the next start. */
const CLOSE_MS = 10_000;
/** A worker that has just failed is not started again for this long, or a broken folder would cost a core. */
const RESTART_PAUSE_MS = 1_000;

/**
 * The worker thread with the engine, as seen from the main thread. It is
 * started by the first `start` and again by the first one after it was lost;
 * what was committed is there again.
 */
export class EmbeddedEngine {
  readonly #options: EngineOptions;
  #worker: Worker | undefined;
  #starting: Promise<{ isNew: boolean }> | undefined;
  #client: EngineClient | undefined;
  /** Messages under way, oldest first; the engine answers in order. */
  #flights: { readonly client: EngineClient; readonly sentAtMs: number }[] = [];
  #cancelWatch: CancelTimer | undefined;
  #failedAtMs: number | undefined;
  #isClosed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Starts the worker, or waits for the one that starts or runs already. */
  start(): Promise<{ isNew: boolean }> {
    if (this.#isClosed) return Promise.reject(new StorageError('closed', 'The database is closed.'));
    const now = this.#options.clock.monotonicMs();
    if (
      this.#starting === undefined &&
      this.#failedAtMs !== undefined &&
      now - this.#failedAtMs < RESTART_PAUSE_MS
    ) {
      return Promise.reject(
        new StorageError('closed', 'The embedded database has just failed and is given a pause.'),
      );
    }
    this.#starting ??= this.#spawn();
    return this.#starting;
  }

  /**
   * Makes `client` the one that may send. The engine has one session: the
   * worker cleans it before the first message of a new client, and the client
   * before can send nothing into it any more. That one may still be on its way
   * out, because the pool opens a new connection before the old one has closed.
   */
  attach(client: EngineClient): void {
    this.#client = client;
  }

  detach(client: EngineClient): void {
    if (this.#client === client) this.#client = undefined;
  }

  /** Sends whole protocol messages. `data` is handed over and must not be used again. */
  send(client: EngineClient, data: Uint8Array): void {
    if (this.#worker === undefined || this.#client !== client) {
      client.onLost(new Error('the connection to the embedded database is closed'));
      return;
    }
    this.#flights.push({ client, sentAtMs: this.#options.clock.monotonicMs() });
    this.#worker.postMessage({ kind: 'bytes', data } satisfies ToWorker, [data.buffer as ArrayBuffer]);
    this.#watch();
  }

  /** Checkpoints and ends the worker. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#starting?.catch(() => undefined);
    const worker = this.#worker;
    this.#cancelWatch?.();
    if (worker === undefined) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(CLOSE_MS, () => {
        this.#options.logger.warn('embedded_database_close_timeout');
        void worker.terminate();
      });
      worker.once('exit', () => {
        cancel();
        resolve();
      });
      worker.postMessage({ kind: 'close' } satisfies ToWorker);
    });
  }

  #spawn(): Promise<{ isNew: boolean }> {
    const worker = createWorker({ folder: this.#options.folder, seedPath: this.#options.seedPath });
    // Whatever the engine or a library prints: stdout may be the protocol's.
    worker.stdout.resume();
    worker.stderr.resume();
    return new Promise((resolve, reject) => {
      let failure: Error | undefined;
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') {
          this.#worker = worker;
          this.#failedAtMs = undefined;
          resolve({ isNew: message.isNew });
        } else if (message.kind === 'bytes') {
          this.#flights.shift()?.client.onBytes(message.data);
        } else if (message.kind === 'failed') {
          failure = new StorageError(message.problem, message.message);
          void worker.terminate();
        }
      });
      worker.on('error', (error) => {
        failure ??= error;
      });
      worker.on('exit', () => {
        const error = failure ?? new Error('the embedded database has stopped');
        // Only a start that fails is given a pause; an engine that was lost while it worked is wanted back at once.
        if (this.#worker !== worker) this.#failedAtMs = this.#options.clock.monotonicMs();
        if (!this.#isClosed) this.#lost(error);
        else this.#worker = undefined;
        reject(error);
      });
    });
  }

  #lost(error: Error): void {
    this.#options.logger.error('embedded_database_lost', { message: error.message });
    this.#worker = undefined;
    this.#starting = undefined;
    this.#flights = [];
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    this.#client?.onLost(error);
  }

  /** One timer while anything is under way, not one per statement. */
  #watch(): void {
    if (this.#cancelWatch !== undefined) return;
    const limitMs = this.#options.statementMsMax ?? EMBEDDED_STATEMENT_MS_MAX;
    this.#cancelWatch = this.#options.clock.after(limitMs, () => {
      this.#cancelWatch = undefined;
      const [oldest] = this.#flights;
      if (oldest === undefined) return;
      if (this.#options.clock.monotonicMs() - oldest.sentAtMs < limitMs) {
        this.#watch();
        return;
      }
      this.#options.logger.error('embedded_database_stuck', { limit_ms: limitMs });
      void this.#worker?.terminate();
    });
  }
}

function createWorker(workerData: WorkerOptions): Worker {
  const options = { workerData, stdout: true, stderr: true } as const;
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./worker.js', import.meta.url), { ...options, execArgv: [] });
  }
  const source = new URL('./worker.ts', import.meta.url);
  // Node runs TypeScript sources by itself from 22.18 on; before that the development loader does.
  if ('typescript' in process.features && process.features.typescript !== false) {
    return new Worker(source, { ...options, execArgv: [] });
  }
  const loader = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/cjs$/, 'mjs');
  const start = `import(${JSON.stringify(pathToFileURL(loader).href)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(source.href)});
  });`;
  return new Worker(start, { ...options, eval: true, execArgv: [] });
}
