import type { CancelTimer, Clock } from '../../platform/clock.ts';
import { PARTITION_INTERVAL_MS, RETENTION_FIRST_MS } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import type { OwnedDatabase } from '../database.ts';
import { dropExpiredCalls } from './retention.ts';

export interface UpkeepOptions {
  readonly database: OwnedDatabase;
  /** Makes the partitions of the coming months. */
  readonly createPartitions: () => Promise<unknown>;
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps the audit log in shape while the process runs, which may be for
 * months: partitions of the coming months are made, expired ones dropped.
 * Neither failing loses a row: what has no partition goes to the default one.
 */
export function startUpkeep(options: UpkeepOptions): { stop(): void } {
  const { clock, logger } = options;
  const timers = new Map<string, CancelTimer>();
  const every = (name: string, firstMs: number, task: () => Promise<unknown>): void => {
    timers.set(
      name,
      clock.after(firstMs, () => {
        every(name, PARTITION_INTERVAL_MS, task);
        task().catch((error: Error) => {
          logger.warn('audit_upkeep_failed', { task: name, message: error.message });
        });
      }),
    );
  };
  every('partitions', PARTITION_INTERVAL_MS, options.createPartitions);
  every('retention', RETENTION_FIRST_MS, async () => {
    const report = await dropExpiredCalls(options.database, {
      nowMs: clock.nowMs(),
      retentionDays: options.retentionDays,
    });
    if (report.dropped.length > 0 || report.deletedRows > 0) {
      logger.info('audit_calls_expired', {
        dropped: report.dropped.join(','),
        deleted_rows: report.deletedRows,
      });
    }
  });
  return {
    stop() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
