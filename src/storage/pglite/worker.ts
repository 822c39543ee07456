import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { StorageError } from '../errors.ts';
import { DurableFs, proveDurability } from './durable-fs.ts';
import { inspectDatabaseFolder, installDatabase } from './folder.ts';
import { type FromWorker, joinOwned, type ToWorker, type WorkerOptions } from './messages.ts';

/*
 * The embedded engine in a thread of its own: a statement runs synchronously
 * in the thread that calls it, so in the main thread each batch of audit rows
 * would stop every call for its duration. The thread speaks the PostgreSQL
 * wire protocol and nothing else; it is the only one that touches the engine.
 */

const ENGINE_SETTINGS = {
  // The engine has one session; 128 MB of buffers would only be resident memory.
  shared_buffers: '16MB',
  // Nobody runs checkpoints but our own timer; at the default of 1 GB the log grew to 1.8 GB.
  max_wal_size: '64MB',
  // The default method calls a function that Emscripten leaves empty.
  wal_sync_method: 'fsync',
} as const;

async function openEngine(
  options: WorkerOptions,
): Promise<{ engine: PGlite; files: DurableFs | undefined; isNew: boolean }> {
  const { folder } = options;
  if (folder === undefined) {
    const seed = readSeed(options.seedPath);
    const engine = await create(seed === undefined ? {} : { loadDataDir: new Blob([new Uint8Array(seed)]) });
    return { engine, files: undefined, isNew: true };
  }
  const isNew = inspectDatabaseFolder(folder) === 'missing';
  if (isNew) await installDatabase(folder, readSeed(options.seedPath) ?? (await makeEmptyDatabase()));
  const files = new DurableFs(folder);
  const engine = await create({ fs: files });
  try {
    await proveDurability(engine, files);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { engine, files, isNew };
}

async function create(options: PGliteOptions): Promise<PGlite> {
  const settings = Object.entries(ENGINE_SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // `-F` switches syncing off; in memory there is nothing to sync.
  const defaults = PGlite.defaultStartParams.filter((param) => param !== '-F' || options.fs === undefined);
  return await PGlite.create({ ...options, startParams: [...defaults, ...settings] });
}

function readSeed(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : gunzipSync(readFileSync(path));
}

async function makeEmptyDatabase(): Promise<Buffer> {
  const engine = await PGlite.create();
  try {
    await engine.exec('checkpoint');
    const dump = await engine.dumpDataDir('none');
    return Buffer.from(await dump.arrayBuffer());
  } finally {
    await engine.close();
  }
}

/** Runs protocol messages and collects what the engine answers. */
function execute(engine: PGlite, message: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  // With a stream callback the call runs to its end before it returns; the promise has nothing left to wait for.
  void engine.execProtocolRawStream(message, {
    syncToFs: false,
    onRawData: (bytes) => {
      // The bytes are a window on the engine's memory and are overwritten by the next answer.
      parts.push(bytes.slice());
    },
  });
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : joinOwned(parts);
}

/** A new client gets a clean session: the engine has only one, which keeps the state of the client before. */
const RESET_SESSION = ['rollback', 'set session authorization postgres', 'discard all'] as const;

function simpleQuery(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`, 'utf8');
  const message = Buffer.alloc(5 + text.length);
  message.write('Q', 0);
  message.writeInt32BE(4 + text.length, 1);
  text.copy(message, 5);
  return message;
}

function post(message: FromWorker): void {
  parentPort?.postMessage(message, message.kind === 'bytes' ? [message.data.buffer as ArrayBuffer] : []);
}

function fail(error: unknown): void {
  const isExpected = error instanceof StorageError;
  const message = error instanceof Error ? error.message : String(error);
  post({
    kind: 'failed',
    problem: isExpected ? error.problem : 'folder_unusable',
    message: isExpected ? message : `The embedded database could not be opened: ${message}`,
  });
}

async function main(options: WorkerOptions): Promise<void> {
  const { engine, files, isNew } = await openEngine(options);
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      void shutDown(engine);
      return;
    }
    const { data } = message;
    const isStartup = data[0] === 0;
    if (isStartup) for (const sql of RESET_SESSION) execute(engine, simpleQuery(sql));
    const answer = execute(engine, data);
    if (files?.hasFailed === true) {
      post({
        kind: 'failed',
        problem: 'not_durable',
        message: 'The disk refused to sync; the engine is reopened.',
      });
      process.exit(1);
    }
    post({ kind: 'bytes', data: answer });
  });
  post({ kind: 'ready', isNew });
}

async function shutDown(engine: PGlite): Promise<void> {
  execute(engine, simpleQuery('rollback'));
  execute(engine, simpleQuery('set session authorization postgres'));
  execute(engine, simpleQuery('checkpoint'));
  await engine.close();
  post({ kind: 'closed' });
  // The engine leaves handles behind that would keep the thread alive; in a worker this ends only the thread.
  process.exit(0);
}

main(workerData as WorkerOptions).catch((error: unknown) => {
  fail(error);
});
