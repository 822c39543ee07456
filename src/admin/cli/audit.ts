import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { systemClock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import { type ApiClient, CliFailure } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { findProject } from './find-project.ts';
import { instantOf } from './instants.ts';
import { memberText } from './member.ts';
import { type Column, renderTable } from './print-table.ts';
import { type OutputFlags, printResult, runCommand } from './run-command.ts';

export interface AuditFlags extends OutputFlags {
  readonly project?: string;
  readonly allProjects?: boolean;
  readonly status?: string;
  readonly code?: string;
  readonly tool?: string;
  readonly upstream?: string;
  readonly token?: string;
  readonly call?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface SearchFlags extends AuditFlags {
  readonly limit: number;
}

export interface ExportFlags extends AuditFlags {
  readonly format: string;
  readonly out?: string;
}

export const CALL_COLUMNS: readonly Column[] = [
  { title: 'STARTED', cell: 'started_at' },
  { title: 'STATUS', cell: 'status' },
  { title: 'CODE', cell: 'code' },
  { title: 'TOOL', cell: (call) => memberText(call, 'tool') || memberText(call, 'method') },
  { title: 'MS', cell: ({ duration_ms: ms }) => Number(ms).toFixed(1), align: 'right' },
  { title: 'BYTES', cell: 'response_bytes', align: 'right' },
  { title: 'CALL', cell: 'call_id' },
];

const EVENT_COLUMNS: readonly Column[] = [
  { title: 'AT', cell: 'at' },
  { title: 'ACTION', cell: 'action' },
  {
    title: 'ACTOR',
    cell: (event) => `${memberText(event, 'actor')} ${memberText(event, 'actor_token_id')}`.trim(),
  },
  { title: 'SUBJECT', cell: 'subject_id' },
  { title: 'DETAILS', cell: 'details' },
];

/** Where the calls of a command are: of one project or of all. */
export async function callsPath(client: ApiClient, flags: AuditFlags): Promise<string> {
  if (flags.allProjects !== true) return `/projects/${await findProject(client, flags.project)}/calls`;
  if (flags.project !== undefined)
    throw new CliFailure(EXIT.usage, 'take either --project or --all-projects.');
  return '/calls';
}

/** The filters of a command as the API takes them. */
export function callQuery(flags: AuditFlags): Record<string, string | undefined> {
  const nowMs = systemClock.nowMs();
  return {
    status: flags.status,
    code: flags.code,
    tool: flags.tool,
    upstream: flags.upstream,
    token_id: flags.token,
    call_id: flags.call,
    from: instantOf(flags.from, { flag: '--from', direction: 'ago', nowMs }),
    to: instantOf(flags.to, { flag: '--to', direction: 'ago', nowMs }),
  };
}

export function searchAudit(flags: SearchFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const path = await callsPath(client, flags);
    const calls = await client.list({ path, query: callQuery(flags) }, flags.limit);
    await printResult(flags, calls, renderTable(CALL_COLUMNS, calls));
  });
}

export function listAuditEvents(flags: SearchFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const path = flags.allProjects === true ? '' : `/projects/${await findProject(client, flags.project)}`;
    const events: JsonObject[] = await client.list({ path: `${path}/events` }, flags.limit);
    await printResult(flags, events, renderTable(EVENT_COLUMNS, events));
  });
}

/** Writes all matching calls to stdout or a file. A file has its name only when it is whole. */
export function exportAudit(flags: ExportFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const path = `${await callsPath(client, flags)}/export`;
    const wanted = { path, query: { ...callQuery(flags), format: flags.format } };
    if (flags.out === undefined) {
      await client.download(wanted, process.stdout);
      return;
    }
    const draft = `${flags.out}.partial`;
    const file = createWriteStream(draft, { mode: 0o600 });
    try {
      await client.download(wanted, file);
      await new Promise<void>((resolve, reject) => {
        file.on('error', reject);
        file.end(resolve);
      });
      await rename(draft, flags.out);
    } catch (error) {
      file.destroy();
      await rm(draft, { force: true });
      if (error instanceof CliFailure) throw error;
      throw new CliFailure(EXIT.failed, 'the file could not be written.');
    }
  });
}
