import type { AuditRecord } from '../../observability/index.ts';
import { AUDIT_TEXT_CHARS_MAX } from '../../platform/limits.ts';
import type { SqlValue } from '../database.ts';
import { storableText } from '../text.ts';

/**
 * One statement for the whole batch; a statement per row would cap the log at
 * 1,000 to 3,000 rows a second. What is there already is skipped: the journal
 * is replayed after a crash, and the rows are the same.
 *
 * Most columns repeat: a batch of a thousand calls names a handful of tools.
 * So what repeats travels once, as a shape, and a row carries its number; that
 * takes a third off the cost of a row, most of which is parsing text.
 */
export const INSERT_TOOL_CALLS_SQL = `
  insert into tool_calls (started_at, call_id, project_id, token_id, method, subject, upstream, remote_name,
    revision, transport, status, code, outcome, commit_state, request_bytes, response_bytes, arguments_hash,
    duration_ms, trace_id)
  select timestamptz 'epoch' + at * interval '1 millisecond', id, project_id, token_id, method, subject, upstream,
    remote_name, revision, transport, status, code, outcome, commit_state, request_bytes, response_bytes,
    decode(arguments, 'hex'), duration, trace
  from unnest($1::int[], $2::float8[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[], $7::float8[], $8::text[])
    as r (shape, at, id, request_bytes, response_bytes, arguments, duration, trace)
  join json_to_recordset($9::json) as s (shape int, project_id uuid, token_id uuid, method text, subject text,
    upstream text, remote_name text, revision text, transport text, status text, code text, outcome text,
    commit_state text) using (shape)
  on conflict (project_id, started_at, call_id) do nothing`;

/** The parameters of `INSERT_TOOL_CALLS_SQL`. Arrays are written out here; the driver would quote every number. */
export function insertParameters(records: readonly AuditRecord[]): SqlValue[] {
  const numbers = new Map<string, number>();
  const shapes: string[] = [];
  let last: { readonly record: AuditRecord; readonly number: number } | undefined;
  const shapeOf = (record: AuditRecord): number => {
    // Mostly it is that of the record before, and comparing is a tenth of writing it out to look it up.
    if (last !== undefined && hasSameShape(last.record, record)) return last.number;
    const number = numberOf(record);
    last = { record, number };
    return number;
  };
  const numberOf = (record: AuditRecord): number => {
    const shape = shapeMembers(record);
    const known = numbers.get(shape);
    if (known !== undefined) return known;
    const number = shapes.length;
    numbers.set(shape, number);
    shapes.push(`{"shape":${String(number)},${shape}`);
    return number;
  };
  return [
    sqlArray(records, (record) => String(shapeOf(record))),
    sqlArray(records, (record) => String(record.startedAtMs)),
    sqlArray(records, (record) => element(record.callId)),
    sqlArray(records, (record) => count(record.requestBytes)),
    sqlArray(records, (record) => count(record.responseBytes)),
    sqlArray(records, (record) => element(record.argumentsHash)),
    sqlArray(records, (record) =>
      String(Number.isFinite(record.durationMs) ? Math.max(0, record.durationMs) : 0),
    ),
    sqlArray(records, (record) => element(record.traceId)),
    `[${shapes.join(',')}]`,
  ];
}

/** Whether `shapeMembers` of both is the same text. */
function hasSameShape(a: AuditRecord, b: AuditRecord): boolean {
  return (
    a.projectId === b.projectId &&
    a.tokenId === b.tokenId &&
    a.method === b.method &&
    a.subject === b.subject &&
    a.upstream === b.upstream &&
    a.remoteName === b.remoteName &&
    a.revision === b.revision &&
    a.transport === b.transport &&
    a.status === b.status &&
    a.code === b.code &&
    a.kind === b.kind &&
    a.commitState === b.commitState
  );
}

/** Everything of a record that repeats, as the members of a JSON object and its closing brace. */
function shapeMembers(record: AuditRecord): string {
  return JSON.stringify({
    project_id: record.projectId,
    token_id: record.tokenId,
    method: bounded(record.method),
    subject: boundedOrAbsent(record.subject),
    upstream: boundedOrAbsent(record.upstream),
    remote_name: boundedOrAbsent(record.remoteName),
    revision: bounded(record.revision),
    transport: bounded(record.transport),
    status: record.status,
    code: boundedOrAbsent(record.code),
    outcome: record.kind,
    commit_state: boundedOrAbsent(record.commitState),
  }).slice(1);
}

function sqlArray(records: readonly AuditRecord[], text: (record: AuditRecord) => string): string {
  let array = '{';
  for (const [index, record] of records.entries()) array += index === 0 ? text(record) : `,${text(record)}`;
  return `${array}}`;
}

/** Letters that mean nothing in an array literal. */
const PLAIN = /^[\w-]+$/;

function element(text: string | undefined): string {
  if (text === undefined) return 'NULL';
  const stored = bounded(text);
  // `null` without quotes would be no text but the absence of one.
  if (PLAIN.test(stored) && stored.toLowerCase() !== 'null') return stored;
  return `"${stored.replaceAll(/["\\]/g, '\\$&')}"`;
}

function bounded(text: string): string {
  return storableText(text.length > AUDIT_TEXT_CHARS_MAX ? text.slice(0, AUDIT_TEXT_CHARS_MAX) : text);
}

function boundedOrAbsent(text: string | undefined): string | undefined {
  return text === undefined ? undefined : bounded(text);
}

function count(value: number): string {
  return String(Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0);
}
