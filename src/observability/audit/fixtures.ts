import type { AuditIntent, AuditRecord } from './record.ts';
import type { AuditStore, InsertResult } from './store.ts';

export function intentOf(callId: string, changes: Partial<AuditIntent> = {}): AuditIntent {
  return {
    callId,
    projectId: '0190a000-0000-7000-8000-000000000001',
    tokenId: '0190a000-0000-7000-8000-000000000002',
    method: 'tools/call',
    subject: 'tickets_list',
    upstream: 'tickets',
    remoteName: 'list',
    revision: '2025-11-25',
    transport: 'http',
    requestBytes: 120,
    argumentsHash: 'ab'.repeat(32),
    startedAtMs: Date.UTC(2026, 0, 1),
    traceId: undefined,
    deadlineAtMs: Date.UTC(2026, 0, 1) + 10_000,
    ...changes,
  };
}

export function recordOf(callId: string, changes: Partial<AuditRecord> = {}): AuditRecord {
  const { deadlineAtMs: _deadline, ...call } = intentOf(callId);
  return {
    ...call,
    status: 'success',
    code: undefined,
    kind: 'ok',
    commitState: undefined,
    responseBytes: 2_048,
    durationMs: 12.5,
    ...changes,
  };
}

/** The table with the promise that matters here: a row is inserted once. */
export class MemoryStore implements AuditStore {
  readonly rows: Map<string, AuditRecord> = new Map<string, AuditRecord>();
  batches = 0;
  /** Set: the database is away. */
  failure: Error | undefined;
  /** Records that the database refuses for what is in them. */
  isPoison: (record: AuditRecord) => boolean = () => false;

  insertBatch(records: readonly AuditRecord[]): Promise<InsertResult> {
    this.batches += 1;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (records.some(this.isPoison)) return Promise.resolve({ ok: false, reason: '22P02' });
    for (const record of records) {
      const key = `${record.startedAtMs}/${record.callId}`;
      if (!this.rows.has(key)) this.rows.set(key, record);
    }
    return Promise.resolve({ ok: true });
  }

  byId(callId: string): AuditRecord | undefined {
    return [...this.rows.values()].find((record) => record.callId === callId);
  }
}
