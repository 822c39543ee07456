import type { StorageProblem } from '../errors.ts';

/** What the worker is started with. */
export interface WorkerOptions {
  /** The database folder; undefined keeps everything in memory. */
  readonly folder: string | undefined;
  /** A prepared database, gzip-compressed tar; undefined: make one, which takes seconds. */
  readonly seedPath: string | undefined;
}

/** To the worker. Each `bytes` is whole protocol messages and gets exactly one `bytes` back. */
export type ToWorker = { readonly kind: 'bytes'; readonly data: Uint8Array } | { readonly kind: 'close' };

/** From the worker. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly isNew: boolean }
  | { readonly kind: 'failed'; readonly problem: StorageProblem; readonly message: string }
  | { readonly kind: 'bytes'; readonly data: Uint8Array }
  | { readonly kind: 'closed' };

/**
 * Joins parts into bytes with a buffer of their own. Small Node buffers share
 * one: posting such a view would copy, or hand over, what belongs to others.
 */
export function joinOwned(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
