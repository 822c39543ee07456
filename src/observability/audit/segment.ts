import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type ProcessIdentity, parseProcessIdentity } from '../../platform/process-identity.ts';

/** The file operations of the journal, so that a test can fail any of them. All are synchronous and throw. */
export interface JournalFiles {
  /** Creates a file that must not exist, mode 0600, for appending. */
  create(path: string): number;
  /** Writes from `offset` on and returns how many bytes were taken, which may be fewer. */
  write(fd: number, bytes: Uint8Array, offset: number): number;
  truncate(fd: number, lengthBytes: number): void;
  close(fd: number): void;
  remove(path: string): void;
}

export const nodeJournalFiles: JournalFiles = {
  create: (path) => openSync(path, 'ax', 0o600),
  write: (fd, bytes, offset) => writeSync(fd, bytes, offset),
  truncate: ftruncateSync,
  close: closeSync,
  remove: unlinkSync,
};

/** One journal file of this process, and what still needs it. */
export class Segment {
  readonly path: string;
  readonly #files: JournalFiles;
  #fd: number | undefined;
  bytes = 0;
  /** Announced calls in this file that have no outcome yet. */
  openCalls = 0;
  /** Finished calls in this file that wait in memory for the database. */
  unconfirmed = 0;
  /** Finished calls of this file were dropped from memory and must be read back. */
  isSpilled = false;

  constructor(path: string, files: JournalFiles) {
    this.path = path;
    this.#files = files;
    this.#fd = files.create(path);
  }

  get isSealed(): boolean {
    return this.#fd === undefined;
  }

  /** Nothing in it is needed any more. */
  get isDone(): boolean {
    return this.isSealed && this.openCalls === 0 && this.unconfirmed === 0 && !this.isSpilled;
  }

  /** Appends all of `bytes` or, as far as the disk lets it, nothing. */
  append(bytes: Uint8Array): void {
    if (this.#fd === undefined) throw new Error('the journal file is closed');
    const before = this.bytes;
    try {
      for (let offset = 0; offset < bytes.length; ) {
        const taken = this.#files.write(this.#fd, bytes, offset);
        offset += taken;
        this.bytes += taken;
      }
    } catch (error) {
      this.#undo(before);
      throw error;
    }
  }

  /** Ends writing; the file stays until it is done. */
  seal(): void {
    if (this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    this.#files.close(fd);
  }

  remove(): void {
    this.#files.remove(this.path);
  }

  /** Half a line would glue itself to the next one, so a failed write is cut off again. */
  #undo(lengthBytes: number): void {
    try {
      if (this.#fd !== undefined) this.#files.truncate(this.#fd, lengthBytes);
      this.bytes = lengthBytes;
    } catch {
      // What cannot be cut off ends this file; a torn last line is skipped when it is read.
      this.seal();
    }
  }
}

const FILE_NAME = /^audit-(\d+)-([0-9a-f]{16})-(\d{6})\.jsonl$/;

/** The name says whose file it is and in which order they were written. */
export function segmentPath(folder: string, owner: ProcessIdentity, sequence: number): string {
  return join(folder, `audit-${owner.pid}-${owner.nonce}-${String(sequence).padStart(6, '0')}.jsonl`);
}

/** First line of each file: who wrote it. */
export function segmentHeader(owner: ProcessIdentity): string {
  return `${JSON.stringify({ k: 'h', ...owner })}\n`;
}

/** The files of one process, oldest first. */
export interface SegmentGroup {
  readonly nonce: string;
  readonly paths: readonly string[];
  readonly bytes: number;
  /** Epoch milliseconds of the last write to any of them. */
  readonly modifiedAtMs: number;
}

/** All journal files in the folder by the process that wrote them. */
export function listSegmentGroups(folder: string): SegmentGroup[] {
  const groups = new Map<string, { paths: string[]; bytes: number; modifiedAtMs: number }>();
  for (const name of readdirSync(folder).sort()) {
    const nonce = FILE_NAME.exec(name)?.[2];
    if (nonce === undefined) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    const group = groups.get(nonce) ?? { paths: [], bytes: 0, modifiedAtMs: 0 };
    group.paths.push(path);
    group.bytes += stat.size;
    group.modifiedAtMs = Math.max(group.modifiedAtMs, stat.mtimeMs);
    groups.set(nonce, group);
  }
  return [...groups].map(([nonce, group]) => ({ nonce, ...group, paths: group.paths.sort(bySequence) }));
}

function bySequence(a: string, b: string): number {
  return sequenceOf(a) - sequenceOf(b);
}

function sequenceOf(path: string): number {
  return Number(FILE_NAME.exec(basename(path))?.[3] ?? 0);
}

/** Longest first line: a host name has at most 255 characters, the rest about 150. */
const HEADER_BYTES_MAX = 1_024;

/** Who wrote the file; undefined when not even the first line is whole. */
export function readSegmentOwner(path: string): ProcessIdentity | undefined {
  const start = Buffer.alloc(HEADER_BYTES_MAX);
  try {
    const fd = openSync(path, 'r');
    try {
      readSync(fd, start, 0, HEADER_BYTES_MAX, 0);
    } finally {
      closeSync(fd);
    }
    const end = start.indexOf('\n');
    return end === -1 ? undefined : parseProcessIdentity(JSON.parse(start.toString('utf8', 0, end)));
  } catch {
    return undefined;
  }
}
