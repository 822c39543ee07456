import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_BATCH_RECORDS_MAX, JOURNAL_SEGMENT_BYTES } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { encodeRecord } from './encoding.ts';
import type { AuditRecord } from './record.ts';
import type { AuditStore } from './store.ts';

export interface DrainOptions {
  readonly store: AuditStore;
  readonly logger: Logger;
  /** Where records go that the database will never take. */
  readonly folder: string;
}

/**
 * Inserts records; rejects when the database cannot be asked. A batch that the
 * database refuses is halved until the record at fault stands alone; that one
 * goes to `rejected.jsonl`, so that it neither is lost nor holds up the others
 * for ever.
 */
export async function insertAll(records: readonly AuditRecord[], options: DrainOptions): Promise<void> {
  for (let start = 0; start < records.length; start += AUDIT_BATCH_RECORDS_MAX) {
    await insertOrHalve(records.slice(start, start + AUDIT_BATCH_RECORDS_MAX), options);
  }
}

async function insertOrHalve(records: readonly AuditRecord[], options: DrainOptions): Promise<void> {
  const result = await options.store.insertBatch(records);
  if (result.ok) return;
  const [only] = records;
  if (records.length === 1 && only !== undefined) {
    setAside(only, result.reason, options);
    return;
  }
  const middle = Math.ceil(records.length / 2);
  await insertOrHalve(records.slice(0, middle), options);
  await insertOrHalve(records.slice(middle), options);
}

function setAside(record: AuditRecord, reason: string, { folder, logger }: DrainOptions): void {
  const path = join(folder, 'rejected.jsonl');
  logger.error('audit_record_rejected', { call_id: record.callId, reason });
  try {
    // One file's worth is enough to find the defect; more would be a second journal without an end.
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > JOURNAL_SEGMENT_BYTES) return;
    appendFileSync(path, encodeRecord(record), { mode: 0o600 });
  } catch (error) {
    logger.error('audit_record_lost', { call_id: record.callId, message: (error as Error).message });
  }
}
