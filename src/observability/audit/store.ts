import type { AuditRecord } from './record.ts';

/** `ok: false`: the records are at fault, and the same ones are refused again. */
export type InsertResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The audit log's table, as far as the flusher needs it. */
export interface AuditStore {
  /**
   * Inserts all records or none. A record that is there already (same start
   * and call id) is skipped. Rejects when the database could not be asked.
   */
  insertBatch(records: readonly AuditRecord[]): Promise<InsertResult>;
}
