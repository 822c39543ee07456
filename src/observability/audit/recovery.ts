import { unlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';
import { AUDIT_ABANDON_GRACE_MS, AUDIT_BATCH_RECORDS_MAX, TIMEOUT_MS_MAX } from '../../platform/limits.ts';
import { livenessOf } from '../../platform/process-identity.ts';
import { type DrainOptions, insertAll } from './drain.ts';
import { decodeLine, type JournalLine } from './encoding.ts';
import { type AuditIntent, type AuditRecord, abandonedRecord } from './record.ts';
import { listSegmentGroups, readSegmentOwner, type SegmentGroup } from './segment.ts';

export interface RecoveryOptions extends DrainOptions {
  readonly clock: Clock;
  /** Nonce of the journal of this process: its files are in use. */
  readonly ownNonce: string;
  /** Told of the bytes of each process whose files were deleted. */
  readonly onRemoved: (bytes: number) => void;
}

export interface RecoveryReport {
  /** Processes whose files were moved to the database. */
  readonly processes: number;
  readonly records: number;
  /** Calls that had no outcome. */
  readonly abandoned: number;
  /** Lines that could not be read: torn by the crash, one per process as a rule. */
  readonly tornLines: number;
}

/**
 * Moves what dead processes left in the folder to the database, and closes
 * their calls without an outcome as abandoned. Files are deleted only when
 * everything of their process is in the database, so this can be killed and
 * run again at any point. Files of living processes are not touched. Rejects
 * when the database cannot be asked.
 */
export async function recoverJournal(options: RecoveryOptions): Promise<RecoveryReport> {
  let report: RecoveryReport = { processes: 0, records: 0, abandoned: 0, tornLines: 0 };
  for (const group of listSegmentGroups(options.folder)) {
    if (group.nonce === options.ownNonce || !isDead(group, options.clock)) continue;
    const found = await recoverGroup(group, options);
    report = {
      processes: report.processes + 1,
      records: report.records + found.records,
      abandoned: report.abandoned + found.abandoned,
      tornLines: report.tornLines + found.tornLines,
    };
  }
  return report;
}

function isDead(group: SegmentGroup, clock: Clock): boolean {
  const [first] = group.paths;
  const owner = first === undefined ? undefined : readSegmentOwner(first);
  const liveness = owner === undefined ? 'unknown' : livenessOf(owner);
  if (liveness !== 'unknown') return liveness === 'dead';
  // Another host or container, or a file without a whole first line. Calls end
  // within minutes, so files that have rested for longer than any call may last belong to nobody.
  return clock.nowMs() - group.modifiedAtMs > UNKNOWN_OWNER_REST_MS;
}

/** Longer than the longest deadline and its grace, after which a living owner would have written. */
const UNKNOWN_OWNER_REST_MS = TIMEOUT_MS_MAX + 2 * AUDIT_ABANDON_GRACE_MS;

async function recoverGroup(
  group: SegmentGroup,
  options: RecoveryOptions,
): Promise<{ records: number; abandoned: number; tornLines: number }> {
  const open = new Map<string, AuditIntent>();
  let records = 0;
  let tornLines = 0;
  for (const path of group.paths) {
    for await (const { lines, torn } of readBatches(path)) {
      tornLines += torn;
      const finished: AuditRecord[] = [];
      for (const line of lines) {
        // An outcome stands after its announcement, in the same file or a later one.
        if (line.kind === 'intent') open.set(line.intent.callId, line.intent);
        else {
          open.delete(line.record.callId);
          finished.push(line.record);
        }
      }
      await insertAll(finished, options);
      records += finished.length;
    }
  }
  const nowMs = options.clock.nowMs();
  const abandoned = [...open.values()].map((intent) =>
    abandonedRecord(intent, Math.min(nowMs, intent.deadlineAtMs)),
  );
  await insertAll(abandoned, options);
  for (const path of group.paths) unlinkSync(path);
  options.onRemoved(group.bytes);
  return { records, abandoned: abandoned.length, tornLines };
}

/** Reads a journal file batch by batch, so that a large one does not hold up the event loop at once. */
export async function* readBatches(
  path: string,
): AsyncGenerator<{ readonly lines: readonly JournalLine[]; readonly torn: number }> {
  const text = await readFile(path, 'utf8');
  let lines: JournalLine[] = [];
  let torn = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = end === -1 ? text.slice(start) : text.slice(start, end);
    start = end === -1 ? text.length : end + 1;
    if (line.startsWith('{"k":"h"')) continue;
    const decoded = decodeLine(line);
    if (decoded === undefined) torn += 1;
    else lines.push(decoded);
    if (lines.length >= AUDIT_BATCH_RECORDS_MAX) {
      yield { lines, torn };
      lines = [];
      torn = 0;
    }
  }
  yield { lines, torn };
}
