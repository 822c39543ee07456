import type { JsonObject, JsonValue } from '../../platform/json.ts';

/** Columns of an export, in order: the members of a call. */
const COLUMNS = [
  'call_id',
  'project_id',
  'token_id',
  'started_at',
  'duration_ms',
  'status',
  'code',
  'outcome',
  'commit_state',
  'method',
  'tool',
  'upstream',
  'remote_name',
  'revision',
  'transport',
  'request_bytes',
  'response_bytes',
  'arguments_hash',
  'trace_id',
] as const;

/** RFC 4180: lines end with CRLF, and every field that is text is quoted. */
export function csvHeader(): string {
  return `${COLUMNS.join(',')}\r\n`;
}

export function csvLine(row: JsonObject): string {
  return `${COLUMNS.map((name) => field(row[name])).join(',')}\r\n`;
}

function field(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  // A tool name is whatever a caller sent. A spreadsheet would run one that begins like a formula.
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
