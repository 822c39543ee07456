import type { AuditIntent, AuditStore, IntentStore } from '../../observability/index.ts';
import { AUDIT_BATCH_RECORDS_MAX, AUDIT_TEXT_CHARS_MAX } from '../../platform/limits.ts';
import type { Database } from '../database.ts';
import { storableText } from '../text.ts';

const INSTANT = (column: string): string => `timestamptz 'epoch' + ${column} * interval '1 millisecond'`;

const ANNOUNCE_SQL = `
  insert into tool_call_intents (call_id, started_at, deadline_at, project_id, token_id, method, subject, upstream,
    remote_name, revision, transport, request_bytes, arguments_hash, trace_id)
  select call_id, ${INSTANT('started_at')}, ${INSTANT('deadline_at')}, project_id, token_id, method, subject, upstream,
    remote_name, revision, transport, request_bytes, decode(arguments_hash, 'hex'), trace_id
  from json_to_recordset($1::json) as r (call_id uuid, started_at float8, deadline_at float8, project_id uuid,
    token_id uuid, method text, subject text, upstream text, remote_name text, revision text, transport text,
    request_bytes bigint, arguments_hash text, trace_id text)
  on conflict (call_id) do nothing`;

/**
 * Two replicas may find the same overdue call; the delete gives it to one of
 * them. A call whose row is there already was finished and only not cleared.
 */
const ABANDON_SQL = `
  with overdue as (
    delete from tool_call_intents where call_id = any (array(
      select call_id from tool_call_intents where deadline_at < ${INSTANT('$1::float8')}
      order by deadline_at limit $2))
    returning *)
  insert into tool_calls (started_at, call_id, project_id, token_id, method, subject, upstream, remote_name, revision,
    transport, status, code, outcome, commit_state, request_bytes, response_bytes, arguments_hash, duration_ms, trace_id)
  select started_at, call_id, project_id, token_id, method, subject, upstream, remote_name, revision, transport,
    'error', 'abandoned', 'abandoned', 'unknown', request_bytes, 0, arguments_hash,
    greatest(0, extract(epoch from deadline_at - started_at) * 1000)::float8, trace_id
  from overdue
  on conflict (project_id, started_at, call_id) do nothing`;

/** Announced calls in the database. */
export function createIntentStore(database: Database): IntentStore {
  return {
    async announce(intents) {
      await database.asSystem((tx) => tx.query(ANNOUNCE_SQL, [JSON.stringify(intents.map(toRow))]));
    },
    async clear(callIds) {
      await database.asSystem((tx) =>
        tx.query('delete from tool_call_intents where call_id = any ($1::uuid[])', [callIds]),
      );
    },
    async abandonOverdue(deadlineBeforeMs) {
      const { rowCount } = await database.asSystem((tx) =>
        tx.query(ABANDON_SQL, [deadlineBeforeMs, AUDIT_BATCH_RECORDS_MAX]),
      );
      return rowCount;
    },
  };
}

/**
 * The store of finished calls that clears their announcements too. When the
 * process dies in between, the reaper clears them and finds their rows.
 */
export function clearingIntents(calls: AuditStore, intents: IntentStore): AuditStore {
  return {
    async insertBatch(records) {
      const result = await calls.insertBatch(records);
      if (result.ok) await intents.clear(records.map(({ callId }) => callId));
      return result;
    },
  };
}

function toRow(intent: AuditIntent): Record<string, string | number | undefined> {
  return {
    call_id: intent.callId,
    started_at: intent.startedAtMs,
    deadline_at: intent.deadlineAtMs,
    project_id: intent.projectId,
    token_id: intent.tokenId,
    method: text(intent.method),
    subject: optional(intent.subject),
    upstream: optional(intent.upstream),
    remote_name: optional(intent.remoteName),
    revision: text(intent.revision),
    transport: text(intent.transport),
    request_bytes: intent.requestBytes,
    arguments_hash: intent.argumentsHash,
    trace_id: intent.traceId,
  };
}

function optional(value: string | undefined): string | undefined {
  return value === undefined ? undefined : text(value);
}

function text(value: string): string {
  return storableText(value.slice(0, AUDIT_TEXT_CHARS_MAX));
}
