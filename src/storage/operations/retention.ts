import { RETENTION_LOCK_MS } from '../../platform/limits.ts';
import type { OwnedDatabase, Queryable } from '../database.ts';

/** What one look for expired rows has removed. */
export interface RetentionReport {
  /** Names of the dropped partitions, oldest first. */
  readonly dropped: readonly string[];
  /** Rows that were in no month of their own. */
  readonly deletedRows: number;
}

const MONTH_PARTITION = /^tool_calls_(\d{4})_(\d{2})$/;
const DAY_MS = 86_400_000;

/**
 * Drops the months of the audit log whose last moment is older than
 * `retentionDays` before `nowMs`, and the rows that old in the partition for
 * everything else. Dropping a month costs milliseconds whatever is in it;
 * deleting its rows would cost as much as writing them did. Rejects with
 * 55P03 when somebody reads the log for longer than `RETENTION_LOCK_MS`; the
 * next look tries again. Replicas may run it at the same time.
 */
export async function dropExpiredCalls(
  database: OwnedDatabase,
  options: { readonly nowMs: number; readonly retentionDays: number },
): Promise<RetentionReport> {
  const beforeMs = options.nowMs - options.retentionDays * DAY_MS;
  return await database.asOwner(async (connection) => {
    const dropped: string[] = [];
    for (const name of await monthPartitions(connection)) {
      const endMs = endOfMonth(name);
      if (endMs === undefined || endMs > beforeMs) continue;
      await asTableOwner(connection, () => connection.query(`drop table if exists public.${name}`));
      dropped.push(name);
    }
    return { dropped, deletedRows: await deleteStrays(connection, beforeMs) };
  });
}

async function monthPartitions(connection: Queryable): Promise<string[]> {
  const { rows } = await connection.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'public.tool_calls'::regclass order by c.relname`,
  );
  return rows.map(({ name }) => name);
}

/** First moment after the month of a partition; undefined for the partition of everything else. */
function endOfMonth(name: string): number | undefined {
  const match = MONTH_PARTITION.exec(name);
  return match === null ? undefined : Date.UTC(Number(match[1]), Number(match[2]), 1);
}

/**
 * The owner of the tables is under their policies as well and sees no row, so
 * the policies of this one partition are lifted within the transaction; nobody
 * else sees that, because the change locks the partition until the end.
 */
async function deleteStrays(connection: Queryable, beforeMs: number): Promise<number> {
  return await asTableOwner(connection, async () => {
    await connection.query('alter table public.tool_calls_default no force row level security');
    const { rowCount } = await connection.query(
      `delete from public.tool_calls_default
        where started_at < timestamptz 'epoch' + $1::float8 * interval '1 millisecond'`,
      [beforeMs],
    );
    await connection.query('alter table public.tool_calls_default force row level security');
    return rowCount;
  });
}

async function asTableOwner<Result>(connection: Queryable, fn: () => Promise<Result>): Promise<Result> {
  await connection.query('begin');
  try {
    await connection.query(
      `select set_config('role', 'bw_owner', true), set_config('lock_timeout', '${String(RETENTION_LOCK_MS)}', true)`,
    );
    const result = await fn();
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
}
