import { ADMIN_SEARCH_ALL_MS, LIST_ROWS_MAX } from '../../platform/limits.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { ToolCallFilter, ToolCallRecord } from '../../storage/index.ts';
import {
  type AdminAnswer,
  type AdminCall,
  type AdminPorts,
  idOf,
  instantOf,
  textOf,
  TextStream,
} from './admin-call.ts';
import { csvHeader, csvLine } from './csv.ts';
import { badCursor, cursorOf, pageOf, pageRowsOf } from './cursor.ts';
import { callView } from './views.ts';

type Search = (filter: ToolCallFilter) => Promise<ToolCallRecord[]>;

/** One page of calls of the project in the path, or of all projects where there is none. */
export async function searchCalls(call: AdminCall, ports: AdminPorts): Promise<JsonObject> {
  const limit = pageRowsOf(call.query);
  const rows = await searchOf(call, ports)({ ...filterOf(call, ports), after: placeOf(call), limit });
  return pageOf(rows, {
    limit,
    view: callView,
    keyOf: (row) => `${String(row.startedAtMs)}.${row.callId}`,
    isOpenEnded: textOf(call.query, 'order') === 'oldest',
  });
}

/** All matching calls, read page by page while the client takes them. */
export function exportCalls(call: AdminCall, ports: AdminPorts): Promise<AdminAnswer> {
  const isCsv = textOf(call.query, 'format') === 'csv';
  const search = searchOf(call, ports);
  const filter = filterOf(call, ports);
  async function* parts(): AsyncGenerator<string> {
    let after: ToolCallFilter['after'];
    let header = isCsv ? csvHeader() : '';
    for (;;) {
      const rows = await search({ ...filter, after, limit: LIST_ROWS_MAX });
      const lines = rows.map((row) =>
        isCsv ? csvLine(callView(row)) : `${JSON.stringify(callView(row))}\n`,
      );
      yield header + lines.join('');
      header = '';
      const last = rows.at(-1);
      if (rows.length < LIST_ROWS_MAX || last === undefined) return;
      after = { startedAtMs: last.startedAtMs, callId: last.callId };
    }
  }
  const contentType = isCsv ? 'text/csv; charset=utf-8' : 'application/jsonl';
  return Promise.resolve(new TextStream(contentType, parts()));
}

function searchOf(call: AdminCall, { toolCalls }: AdminPorts): Search {
  if (call.ids.project_id !== undefined) {
    const projectId = idOf(call, 'project_id');
    return (filter) => toolCalls.search(projectId, filter);
  }
  return textOf(call.query, 'project') === 'none'
    ? (filter) => toolCalls.searchUnattributed(filter)
    : (filter) => toolCalls.searchAll(filter);
}

function filterOf(call: AdminCall, ports: AdminPorts): ToolCallFilter {
  const { query } = call;
  const isOfAll = call.ids.project_id === undefined && textOf(query, 'project') !== 'none';
  const fromMs = instantOf(query, 'from');
  return {
    status: textOf(query, 'status') as ToolCallFilter['status'],
    code: textOf(query, 'code'),
    subject: textOf(query, 'tool'),
    upstream: textOf(query, 'upstream'),
    tokenId: textOf(query, 'token_id'),
    callId: textOf(query, 'call_id'),
    fromMs: fromMs ?? (isOfAll ? ports.clock.nowMs() - ADMIN_SEARCH_ALL_MS : undefined),
    toMs: instantOf(query, 'to'),
    order: textOf(query, 'order') as ToolCallFilter['order'],
  };
}

function placeOf(call: AdminCall): ToolCallFilter['after'] {
  const key = cursorOf(call.query);
  if (key === undefined) return undefined;
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(key);
  if (match?.[2] === undefined) throw badCursor();
  return { startedAtMs: Number(match[1]), callId: match[2] };
}
