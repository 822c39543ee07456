import type { CancelTimer, Clock } from '../../platform/clock.ts';
import {
  EMBEDDED_ANALYZE_INTERVAL_MS,
  EMBEDDED_CHECKPOINT_INTERVAL_MS,
  EMBEDDED_VACUUM_INTERVAL_MS,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import type { OwnedDatabase } from '../database.ts';

const TASKS = [
  // Bounds the write-ahead log, and with it the time that a start after a crash takes.
  { sql: 'checkpoint', intervalMs: EMBEDDED_CHECKPOINT_INTERVAL_MS },
  // A statement planned on an empty table stays slow (24 times, measured) until the planner is told of the rows.
  { sql: 'analyze', intervalMs: EMBEDDED_ANALYZE_INTERVAL_MS },
  { sql: 'vacuum', intervalMs: EMBEDDED_VACUUM_INTERVAL_MS },
] as const;

export interface Maintenance {
  stop(): void;
}

/**
 * Does what the background processes of a server do: the embedded engine has
 * none. A turn without writes since the last one is skipped.
 */
export function startMaintenance(
  database: OwnedDatabase,
  options: { clock: Clock; logger: Logger },
): Maintenance {
  const timers = new Map<string, CancelTimer>();
  const lastPosition = new Map<string, string>();
  const schedule = (task: (typeof TASKS)[number]): void => {
    timers.set(
      task.sql,
      options.clock.after(task.intervalMs, () => {
        schedule(task);
        runTask(task.sql).catch((error: Error) => {
          options.logger.warn('embedded_maintenance_failed', { task: task.sql, message: error.message });
        });
      }),
    );
  };
  const runTask = (sql: string): Promise<void> =>
    database.asOwner(async (connection) => {
      const before = await writePosition(connection);
      if (before === lastPosition.get(sql)) return;
      await connection.query(sql);
      // The task writes as well; what counts is whether anybody else does after it.
      lastPosition.set(sql, await writePosition(connection));
    });
  for (const task of TASKS) schedule(task);
  return {
    stop() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}

async function writePosition(
  connection: Parameters<Parameters<OwnedDatabase['asOwner']>[0]>[0],
): Promise<string> {
  const { rows } = await connection.query<{ position: string }>(
    'select pg_current_wal_insert_lsn()::text as position',
  );
  return rows[0]?.position ?? '';
}
