import type {
  AuditOutcomeKind,
  AuditRecord,
  AuditStatus,
  AuditStore,
  InsertResult,
} from '../../observability/index.ts';
import type { Database, Queryable, SqlValue } from '../database.ts';
import { isDataError, sqlState } from '../errors.ts';
import { storableText } from '../text.ts';
import { INSERT_TOOL_CALLS_SQL, insertParameters } from './insert-tool-calls.ts';
import { clampLimit, isUuid } from './keys-of-rows.ts';

/** One row of the audit log as it is read back; the same members as it was written with. */
export type ToolCallRecord = AuditRecord;

/** What to look for. Members that are undefined match everything. */
export interface ToolCallFilter {
  readonly status?: AuditStatus | undefined;
  readonly code?: string | undefined;
  readonly upstream?: string | undefined;
  readonly subject?: string | undefined;
  readonly tokenId?: string | undefined;
  readonly callId?: string | undefined;
  /** Epoch milliseconds, inclusive and exclusive. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** The last row of the page before. */
  readonly after?: { readonly startedAtMs: number; readonly callId: string } | undefined;
  /** Default `newest` first. */
  readonly order?: 'newest' | 'oldest' | undefined;
  /** Default and bound `LIST_ROWS_MAX`. */
  readonly limit?: number | undefined;
}

export interface ToolCallRepository extends AuditStore {
  insertBatch(records: readonly AuditRecord[]): Promise<InsertResult>;
  /** Calls of one project, newest first. */
  search(projectId: string, filter?: ToolCallFilter): Promise<ToolCallRecord[]>;
  /** Calls of every project and of none. For operators; without `fromMs` it reads the whole log. */
  searchAll(filter?: ToolCallFilter): Promise<ToolCallRecord[]>;
  /** Calls with a token that nobody knows, newest first. For operators. */
  searchUnattributed(filter?: ToolCallFilter): Promise<ToolCallRecord[]>;
  /** Makes the partitions of the coming months. */
  createPartitions(months?: number): Promise<number>;
}

interface Row {
  readonly call_id: string;
  readonly project_id: string | null;
  readonly token_id: string | null;
  readonly method: string;
  readonly subject: string | null;
  readonly upstream: string | null;
  readonly remote_name: string | null;
  readonly revision: string;
  readonly transport: string;
  readonly status: AuditStatus;
  readonly code: string | null;
  readonly outcome: AuditOutcomeKind;
  readonly commit_state: string | null;
  readonly request_bytes: number;
  readonly response_bytes: number;
  readonly arguments_hash: string | null;
  readonly started_at_ms: number;
  readonly duration_ms: number;
  readonly trace_id: string | null;
}

const COLUMNS = `call_id, project_id, token_id, method, subject, upstream, remote_name, revision, transport, status,
  code, outcome, commit_state, request_bytes::float8 as request_bytes, response_bytes::float8 as response_bytes,
  encode(arguments_hash, 'hex') as arguments_hash, round(extract(epoch from started_at) * 1000)::float8 as started_at_ms,
  duration_ms, trace_id`;

export function createToolCallRepository(database: Database): ToolCallRepository {
  return {
    async insertBatch(records) {
      if (records.length === 0) return { ok: true };
      try {
        await database.asSystem((tx) => tx.query(INSERT_TOOL_CALLS_SQL, insertParameters(records)));
        return { ok: true };
      } catch (error) {
        if (!isDataError(error)) throw error;
        // The SQLSTATE only: the message of the server quotes the data.
        return { ok: false, reason: sqlState(error) ?? '' };
      }
    },
    search: (projectId, filter = {}) => database.asProject(projectId, (tx) => search(tx, filter, 'true')),
    searchAll: (filter = {}) => database.asSystem((tx) => search(tx, filter, 'true')),
    searchUnattributed: (filter = {}) => database.asSystem((tx) => search(tx, filter, 'project_id is null')),
    async createPartitions(months = 3) {
      const { rows } = await database.asSystem((tx) =>
        tx.query<{ created: number }>('select create_tool_call_partitions($1) as created', [months]),
      );
      return rows[0]?.created ?? 0;
    },
  };
}

async function search(tx: Queryable, filter: ToolCallFilter, scope: string): Promise<ToolCallRecord[]> {
  // An id that is no UUID matches no row; the database would call it an error.
  for (const id of [filter.tokenId, filter.callId, filter.after?.callId]) {
    if (id !== undefined && !isUuid(id)) return [];
  }
  const params: SqlValue[] = [];
  const conditions = [scope];
  const add = (value: string | number | undefined, condition: (place: string) => string): void => {
    if (value === undefined) return;
    params.push(typeof value === 'string' ? storableText(value) : value);
    conditions.push(condition(`$${params.length}`));
  };
  const instant = (place: string): string =>
    `timestamptz 'epoch' + ${place}::float8 * interval '1 millisecond'`;
  add(filter.status, (place) => `status = ${place}`);
  add(filter.code, (place) => `code = ${place}`);
  add(filter.upstream, (place) => `upstream = ${place}`);
  add(filter.subject, (place) => `subject = ${place}`);
  add(filter.tokenId, (place) => `token_id = ${place}::uuid`);
  add(filter.callId, (place) => `call_id = ${place}::uuid`);
  add(filter.fromMs, (place) => `started_at >= ${instant(place)}`);
  add(filter.toMs, (place) => `started_at < ${instant(place)}`);
  const isOldestFirst = filter.order === 'oldest';
  if (filter.after !== undefined) {
    params.push(filter.after.startedAtMs, filter.after.callId);
    conditions.push(
      `(started_at, call_id) ${isOldestFirst ? '>' : '<'} (${instant(`$${params.length - 1}`)}, $${params.length}::uuid)`,
    );
  }
  const direction = isOldestFirst ? 'asc' : 'desc';
  params.push(clampLimit(filter.limit ?? Number.POSITIVE_INFINITY));
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from tool_calls where ${conditions.join(' and ')}
      order by started_at ${direction}, call_id ${direction} limit $${params.length}`,
    params,
  );
  return rows.map(toRecord);
}

function toRecord(row: Row): ToolCallRecord {
  return {
    callId: row.call_id,
    projectId: row.project_id ?? undefined,
    tokenId: row.token_id ?? undefined,
    method: row.method,
    subject: row.subject ?? undefined,
    upstream: row.upstream ?? undefined,
    remoteName: row.remote_name ?? undefined,
    revision: row.revision,
    transport: row.transport,
    status: row.status,
    code: row.code ?? undefined,
    kind: row.outcome,
    commitState: row.commit_state ?? undefined,
    requestBytes: row.request_bytes,
    responseBytes: row.response_bytes,
    argumentsHash: row.arguments_hash ?? undefined,
    startedAtMs: row.started_at_ms,
    durationMs: row.duration_ms,
    traceId: row.trace_id ?? undefined,
  };
}
