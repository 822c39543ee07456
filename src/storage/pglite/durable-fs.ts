import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { StorageError } from '../errors.ts';

/** The part of an Emscripten stream that the hook sees. */
interface NodeStream {
  /** Descriptor of the real file; folders may have none. */
  readonly nfd?: number;
  readonly node: unknown;
}

interface NodeFileSystem {
  readonly stream_ops: { fsync?: (stream: NodeStream) => number };
  realPath(node: unknown): string;
}

/**
 * The file system of the engine, with `fsync`. The engine asks for it on every
 * commit, but Emscripten's Node file system has no such operation and answers
 * success: after a power loss every write since the start was gone, and half
 * of the folders did not open again. The hook relies on an internal of the
 * exact version in package.json; `syncCount` lets the start prove that it works.
 */
export class DurableFs extends NodeFS {
  /** Successful syncs since the start. */
  syncCount = 0;
  /**
   * A sync has failed. The system may have thrown the data away and will
   * report success next time, so nothing may be acknowledged any more.
   */
  hasFailed = false;

  override async init(pg: PGlite, options: Parameters<NodeFS['init']>[1]): ReturnType<NodeFS['init']> {
    const result = await super.init(pg, options);
    result.emscriptenOpts.preRun?.push((module) => {
      const nodeFs = module.NODEFS as unknown as NodeFileSystem;
      nodeFs.stream_ops.fsync = (stream) => this.#sync(nodeFs, stream);
    });
    return result;
  }

  #sync(nodeFs: NodeFileSystem, stream: NodeStream): number {
    try {
      if (stream.nfd === undefined) {
        const fd = openSync(nodeFs.realPath(stream.node), 'r');
        try {
          fsyncSync(fd);
        } finally {
          closeSync(fd);
        }
      } else {
        fsyncSync(stream.nfd);
      }
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
    this.syncCount += 1;
    return 0;
  }
}

/**
 * Commits a record of the write-ahead log that changes no table, and looks
 * whether anything reached the disk. Rejects with `not_durable` when nothing
 * did: then the hook no longer fits the engine.
 */
export async function proveDurability(
  engine: { exec(sql: string): Promise<unknown> },
  files: Pick<DurableFs, 'syncCount' | 'hasFailed'>,
): Promise<void> {
  const before = files.syncCount;
  await engine.exec(`select pg_logical_emit_message(true, 'breakwater', 'durability check')`);
  if (files.syncCount > before && !files.hasFailed) return;
  throw new StorageError(
    'not_durable',
    'A committed write did not reach the disk (no fsync was made), so a power loss could destroy the database. ' +
      'Check the data folder, and that @electric-sql/pglite is installed in exactly the version that Breakwater asks for.',
  );
}
