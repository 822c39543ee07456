import type { JsonObject } from '../../platform/json.ts';
import type { Database, Queryable, SqlValue } from '../database.ts';
import { storableText } from '../text.ts';
import { clampLimit, isUuid } from './keys-of-rows.ts';
import { ms } from './tokens.ts';

/** Who makes a change: an operator, an admin token of one project, or the gateway by itself. */
export type AdminActor =
  | { readonly kind: 'operator' | 'project'; readonly tokenId: string; readonly requestId: string }
  | { readonly kind: 'gateway' };

export type AdminAction =
  | 'project.create'
  | 'project.rename'
  | 'project.archive'
  | 'token.create'
  | 'token.revoke'
  | 'operator_token.create'
  | 'operator_token.revoke';

/** One change, to be recorded in the transaction that makes it. */
export interface NewAdminEvent {
  readonly id: string;
  readonly action: AdminAction;
  /** Undefined: the change concerns the installation and no project. */
  readonly projectId: string | undefined;
  /** The project or token that was changed. */
  readonly subjectId: string;
  /** Names and scopes, never a secret. */
  readonly details: JsonObject;
}

/** One change as it is read back. Instants are epoch milliseconds. */
export interface AdminEvent extends NewAdminEvent {
  readonly atMs: number;
  readonly actorKind: AdminActor['kind'];
  readonly actorTokenId: string | undefined;
  readonly requestId: string | undefined;
}

interface Row {
  readonly id: string;
  readonly at_ms: number;
  readonly project_id: string | null;
  readonly actor_kind: AdminActor['kind'];
  readonly actor_token_id: string | null;
  readonly action: AdminAction;
  readonly subject_id: string;
  readonly request_id: string | null;
  readonly details: JsonObject;
}

/** Records a change. Runs in the transaction of the change, so that neither can be there without the other. */
export async function insertAdminEvent(
  tx: Queryable,
  actor: AdminActor,
  event: NewAdminEvent,
): Promise<void> {
  const isGateway = actor.kind === 'gateway';
  await tx.query(
    `insert into admin_events (id, project_id, actor_kind, actor_token_id, action, subject_id, request_id, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      event.id,
      event.projectId ?? null,
      actor.kind,
      isGateway ? null : actor.tokenId,
      event.action,
      event.subjectId,
      isGateway ? null : actor.requestId,
      storableJson(event.details),
    ],
  );
}

/** As `storableText`: in JSON a NUL stands as an escape, which `jsonb` refuses as well. */
function storableJson(value: JsonObject): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'string' ? storableText(member) : member,
  );
}

export interface PageOptions {
  /** Id of the last row of the page before. */
  readonly afterId?: string | undefined;
  /** Default and bound `LIST_ROWS_MAX`. */
  readonly limit?: number | undefined;
}

/** Changes of one project, or of everything for operators, newest first. */
export async function listAdminEvents(
  database: Database,
  projectId: string | undefined,
  page: PageOptions,
): Promise<AdminEvent[]> {
  if (projectId !== undefined && !isUuid(projectId)) return [];
  if (page.afterId !== undefined && !isUuid(page.afterId)) return [];
  const params: SqlValue[] = [clampLimit(page.limit ?? Number.POSITIVE_INFINITY)];
  if (page.afterId !== undefined) params.push(page.afterId);
  const sql = `select id, ${ms('at')}, project_id, actor_kind, actor_token_id, action, subject_id, request_id, details
     from admin_events where ${page.afterId === undefined ? 'true' : 'id < $2'} order by id desc limit $1`;
  const read = (tx: Queryable) => tx.query<Row>(sql, params);
  const { rows } = await (projectId === undefined
    ? database.asSystem(read)
    : database.asProject(projectId, read));
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    projectId: row.project_id ?? undefined,
    actorKind: row.actor_kind,
    actorTokenId: row.actor_token_id ?? undefined,
    action: row.action,
    subjectId: row.subject_id,
    requestId: row.request_id ?? undefined,
    details: row.details,
  }));
}
