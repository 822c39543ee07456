import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';
import { AUDIT_QUEUE_RECORDS_MAX, JOURNAL_BYTES_MAX, JOURNAL_SEGMENT_BYTES } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { createProcessIdentity, type ProcessIdentity } from '../../platform/process-identity.ts';
import { callMembers, encodeIntent, encodeRecord } from './encoding.ts';
import { type AuditIntent, type AuditRecord, abandonedRecord } from './record.ts';
import {
  type JournalFiles,
  listSegmentGroups,
  nodeJournalFiles,
  Segment,
  segmentHeader,
  segmentPath,
} from './segment.ts';

export interface JournalOptions {
  /** Created with mode 0700 when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files?: JournalFiles;
  /** Defaults: `JOURNAL_SEGMENT_BYTES`, `JOURNAL_BYTES_MAX`, `AUDIT_QUEUE_RECORDS_MAX`. */
  readonly segmentBytes?: number;
  readonly bytesMax?: number;
  readonly queueRecordsMax?: number;
}

/** A finished call on its way to the database. */
export interface FinishedCall {
  readonly record: AuditRecord;
  /** The file that holds it; undefined: only memory does, because the disk refused it. */
  readonly segment: Segment | undefined;
  /** The file whose announcement is closed only when the database has the record. */
  readonly intentSegment: Segment | undefined;
}

interface OpenCall {
  readonly intent: AuditIntent;
  /** The part of its line that its outcome repeats. */
  readonly members: string;
  segment: Segment | undefined;
}

type PendingLine =
  | { readonly line: string; readonly intent: AuditIntent; readonly record?: never }
  | { readonly line: string; readonly record: AuditRecord; readonly intent?: never };

interface Turn {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The local write-ahead log of calls. A call is announced before anything
 * leaves the process, so `kill -9` at any point leaves a trace of it. All
 * lines of one event-loop turn go out in one synchronous write: it costs tens
 * of microseconds for all of them, and when it returns the kernel has them,
 * which a death of this process does not undo. There is no fsync, so a power
 * loss may take the last seconds; the `database` durability is for those who
 * need more.
 */
export class AuditJournal {
  readonly owner: ProcessIdentity = createProcessIdentity();
  readonly folder: string;
  readonly #options: JournalOptions;
  readonly #files: JournalFiles;
  readonly #open = new Map<string, OpenCall>();
  readonly #segments = new Set<Segment>();
  #current: Segment | undefined;
  #sequence = 0;
  #lines: PendingLine[] = [];
  #lineChars = 0;
  #turn: Turn | undefined;
  #isScheduled = false;
  #finished: FinishedCall[] = [];
  #onFinished: (() => void) | undefined;
  #finishedWanted = Number.POSITIVE_INFINITY;
  #ownBytes = 0;
  #foreignBytes = 0;
  #isClosed = false;
  /** Finished calls that neither disk nor memory could hold. */
  droppedCount = 0;

  constructor(options: JournalOptions, foreignBytes = 0) {
    this.#options = options;
    this.#files = options.files ?? nodeJournalFiles;
    this.folder = options.folder;
    this.#foreignBytes = foreignBytes;
  }

  /** Makes the folder if need be and counts what earlier processes left there. No file is created before the first call. */
  static async open(options: JournalOptions): Promise<AuditJournal> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const foreignBytes = listSegmentGroups(options.folder).reduce((sum, group) => sum + group.bytes, 0);
    return new AuditJournal(options, foreignBytes);
  }

  /** Bytes of journal that the database has not taken yet. */
  get backlogBytes(): number {
    return this.#ownBytes + this.#foreignBytes;
  }
  get openCallCount(): number {
    return this.#open.size;
  }
  /** Finished calls in memory that wait for the database. */
  get finishedCount(): number {
    return this.#finished.length;
  }

  /**
   * Announces a call. Resolves when the announcement is written; rejects when
   * it could not be, and then the call must not be made.
   */
  intent(intent: AuditIntent): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('the audit journal is closed'));
    const members = callMembers(intent);
    const line = encodeIntent(intent, members);
    if (this.backlogBytes + this.#lineChars + line.length > (this.#options.bytesMax ?? JOURNAL_BYTES_MAX)) {
      return Promise.reject(
        new Error('the audit journal is full: the database has not taken it for too long'),
      );
    }
    this.#open.set(intent.callId, { intent, members, segment: undefined });
    this.#append({ line, intent });
    this.#turn ??= createTurn();
    return this.#turn.promise;
  }

  /** The announcement of a call that has not ended yet. */
  announced(callId: string): AuditIntent | undefined {
    return this.#open.get(callId)?.intent;
  }

  /**
   * Ends a call, announced or not (a refusal never was). Never throws: what
   * the disk does not take stays in memory for the database.
   */
  outcome(record: AuditRecord): void {
    if (this.#isClosed) {
      this.droppedCount += 1;
      return;
    }
    // Refusals are not announced and so not bounded by the calls in flight; a flood of them must not fill the disk.
    const isFull = this.backlogBytes + this.#lineChars > (this.#options.bytesMax ?? JOURNAL_BYTES_MAX);
    if (isFull && !this.#open.has(record.callId)) {
      this.#enqueue({ record, segment: undefined, intentSegment: undefined });
      return;
    }
    this.#append({ line: encodeRecord(record, this.#open.get(record.callId)?.members), record });
  }

  /** Calls `fn` whenever `count` finished calls wait. */
  onFinished(count: number, fn: () => void): void {
    this.#finishedWanted = count;
    this.#onFinished = fn;
  }

  /** Takes up to `max` finished calls, oldest first. They come back by `confirm` or `giveBack`. */
  takeFinished(max: number): FinishedCall[] {
    return this.#finished.splice(0, max);
  }

  /** The database has them. */
  confirm(calls: readonly FinishedCall[]): void {
    for (const { segment, intentSegment } of calls) {
      if (segment !== undefined) segment.unconfirmed -= 1;
      if (intentSegment !== undefined) intentSegment.openCalls -= 1;
    }
    this.#removeDone();
  }

  /** The database does not have them; they are the next to be tried. */
  giveBack(calls: readonly FinishedCall[]): void {
    this.#finished = [...calls, ...this.#finished];
  }

  /** A file with finished calls that are no longer in memory; it is not written to any more. */
  nextSpilled(): Segment | undefined {
    for (const segment of this.#segments) {
      if (!segment.isSpilled) continue;
      if (segment === this.#current) this.#sealCurrent();
      return segment;
    }
    return undefined;
  }

  /** The database has everything that is in a spilled file. */
  confirmSpilled(segment: Segment): void {
    segment.isSpilled = false;
    this.#removeDone();
  }

  /** The files of another process were moved to the database and deleted. */
  foreignRemoved(bytes: number): void {
    this.#foreignBytes = Math.max(0, this.#foreignBytes - bytes);
  }

  /** Ends calls whose deadline is before `deadlineBeforeMs` as abandoned. Returns how many. */
  abandonOverdue(deadlineBeforeMs: number): number {
    let count = 0;
    for (const { intent } of this.#open.values()) {
      if (intent.deadlineAtMs >= deadlineBeforeMs) continue;
      this.outcome(abandonedRecord(intent, this.#options.clock.nowMs()));
      count += 1;
    }
    return count;
  }

  /** Writes what waits for the end of this event-loop turn now. */
  writePending(): void {
    const lines = this.#lines;
    if (lines.length === 0) return;
    const turn = this.#turn;
    this.#lines = [];
    this.#lineChars = 0;
    this.#turn = undefined;
    try {
      const segment = this.#write(lines);
      for (const pending of lines) this.#written(pending, segment);
      turn?.resolve();
    } catch (error) {
      this.#options.logger.error('audit_journal_write_failed', { message: (error as Error).message });
      for (const pending of lines) this.#notWritten(pending);
      turn?.reject(new Error('the audit journal could not be written', { cause: error }));
    }
    this.#removeDone();
    if (this.#finished.length >= this.#finishedWanted) this.#onFinished?.();
  }

  /** Ends the journal. Calls that are still open are abandoned; files that the database has are deleted. */
  close(): void {
    if (this.#isClosed) return;
    this.abandonOverdue(Number.POSITIVE_INFINITY);
    this.writePending();
    this.#isClosed = true;
    this.#sealCurrent();
    this.#removeDone();
  }

  #append(pending: PendingLine): void {
    this.#lines.push(pending);
    this.#lineChars += pending.line.length;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.writePending();
    });
  }

  #write(lines: readonly PendingLine[]): Segment {
    const segment = this.#segmentFor();
    const before = segment.bytes;
    let text = before === 0 ? segmentHeader(this.owner) : '';
    for (const { line } of lines) text += line;
    try {
      segment.append(Buffer.from(text, 'utf8'));
    } finally {
      this.#ownBytes += segment.bytes - before;
      // A failed write that could not be undone has ended the file.
      if (segment.isSealed) this.#current = undefined;
    }
    return segment;
  }

  #segmentFor(): Segment {
    const limit = this.#options.segmentBytes ?? JOURNAL_SEGMENT_BYTES;
    if (this.#current !== undefined && this.#current.bytes >= limit) this.#sealCurrent();
    if (this.#current !== undefined) return this.#current;
    const segment = new Segment(segmentPath(this.folder, this.owner, this.#sequence), this.#files);
    this.#sequence += 1;
    this.#segments.add(segment);
    this.#current = segment;
    return segment;
  }

  #sealCurrent(): void {
    this.#current?.seal();
    this.#current = undefined;
  }

  #written({ intent, record }: PendingLine, segment: Segment): void {
    if (intent !== undefined) {
      segment.openCalls += 1;
      const call = this.#open.get(intent.callId);
      if (call !== undefined) call.segment = segment;
      return;
    }
    const call = this.#open.get(record.callId);
    if (call?.segment !== undefined) call.segment.openCalls -= 1;
    this.#open.delete(record.callId);
    this.#enqueue({ record, segment, intentSegment: undefined });
  }

  #notWritten({ intent, record }: PendingLine): void {
    if (intent !== undefined) {
      // The caller is refused. Its outcome comes as that of a call that was never announced.
      this.#open.delete(intent.callId);
      return;
    }
    const intentSegment = this.#open.get(record.callId)?.segment;
    this.#open.delete(record.callId);
    this.#enqueue({ record, segment: undefined, intentSegment });
  }

  #enqueue(call: FinishedCall): void {
    const { segment, intentSegment } = call;
    if (this.#finished.length < (this.#options.queueRecordsMax ?? AUDIT_QUEUE_RECORDS_MAX)) {
      this.#finished.push(call);
      if (segment !== undefined) segment.unconfirmed += 1;
    } else if (segment !== undefined) {
      segment.isSpilled = true;
    } else {
      this.droppedCount += 1;
      // An announced call is not lost: without its outcome it becomes abandoned.
      if (intentSegment === undefined)
        this.#options.logger.warn('audit_record_dropped', { dropped: this.droppedCount });
    }
  }

  #removeDone(): void {
    for (const segment of this.#segments) {
      if (!segment.isDone) continue;
      this.#segments.delete(segment);
      this.#ownBytes -= segment.bytes;
      try {
        segment.remove();
      } catch (error) {
        // Reading it again at the next start inserts nothing twice.
        this.#options.logger.warn('audit_journal_not_removed', { message: (error as Error).message });
      }
    }
  }
}

function createTurn(): Turn {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
