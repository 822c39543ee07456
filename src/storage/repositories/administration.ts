import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { TOKENS_PER_PROJECT_MAX } from '../../platform/limits.ts';
import type { Database, Queryable } from '../database.ts';
import { StorageError } from '../errors.ts';
import { storableText } from '../text.ts';
import {
  type AdminActor,
  type AdminEvent,
  insertAdminEvent,
  listAdminEvents,
  type NewAdminEvent,
  type PageOptions,
} from './admin-events.ts';
import { type AdminReads, createAdminReads } from './admin-reads.ts';
import { isUuid } from './keys-of-rows.ts';
import {
  countOperatorTokens,
  type CreatedOperatorToken,
  findOperatorToken,
  insertOperatorToken,
  listOperatorTokens,
  lockOperatorTokens,
  type NewOperatorToken,
  type OperatorTokenRecord,
  revokeOperatorToken,
} from './operator-tokens.ts';
import {
  insertProject,
  type NewProject,
  PROJECT_COLUMNS,
  type ProjectDbRow,
  projectProblem,
  type ProjectRecord,
  toProjectRecord,
} from './projects.ts';
import {
  type CreatedToken,
  insertToken,
  type NewToken,
  TOKEN_COLUMNS,
  type TokenDbRow,
  type TokenRecord,
  toTokenRecord,
} from './tokens.ts';

/**
 * What administrators read and change. Each change and the record of it are
 * one transaction: a change that fails leaves no record, and one that cannot
 * be recorded is not made. What changes nothing (revoking twice) leaves none.
 */
export interface Administration extends AdminReads {
  /** Rejects with `bad_name` or `name_taken`. */
  createProject(actor: AdminActor, project: NewProject): Promise<ProjectRecord>;
  /** Undefined when there is no such project. Rejects with `bad_name` or `name_taken`. */
  renameProject(actor: AdminActor, id: string, name: string): Promise<ProjectRecord | undefined>;
  /** Archives a project: its tokens are refused from now on. Undefined when there is none. */
  archiveProject(actor: AdminActor, id: string): Promise<ProjectRecord | undefined>;
  /** Rejects with `no_such_project`, `project_archived`, `bad_name`, `allow_list_too_long` or `too_many_tokens`. */
  createToken(actor: AdminActor, token: NewToken): Promise<CreatedToken>;
  /** Revokes a token of this project, or of any when that is undefined. Undefined when there is none. */
  revokeToken(
    actor: AdminActor,
    tokenId: string,
    projectId: string | undefined,
  ): Promise<TokenRecord | undefined>;
  /** Changes of one project, or all of them, newest first. */
  listEvents(projectId: string | undefined, page?: PageOptions): Promise<AdminEvent[]>;
  /** Rejects with `bad_name` or `too_many_tokens`. */
  createOperatorToken(actor: AdminActor, token: NewOperatorToken): Promise<CreatedOperatorToken>;
  /** Makes the first token of all; undefined when one was ever made. Replicas that start together make one. */
  createFirstOperatorToken(token: NewOperatorToken): Promise<CreatedOperatorToken | undefined>;
  revokeOperatorToken(actor: AdminActor, id: string): Promise<OperatorTokenRecord | undefined>;
  listOperatorTokens(): Promise<OperatorTokenRecord[]>;
  /** The operator's token with this digest, whatever its state. `use`: somebody works with it, which is noted. */
  findOperatorToken(tokenHash: Buffer, purpose: 'use' | 'inspect'): Promise<OperatorTokenRecord | undefined>;
  /** Whether any operator's token is neither revoked nor expired. */
  hasOperatorToken(): Promise<boolean>;
}

export interface AdministrationOptions {
  readonly database: Database;
  /** Key of the token digests. */
  readonly pepper: Buffer;
  readonly clock: Clock;
}

/** What a change did: its result and, when it changed anything, the record of it. */
interface Change<Result> {
  readonly result: Result;
  readonly event?: Omit<NewAdminEvent, 'id'>;
}

type MakeChange = <Result>(
  actor: AdminActor,
  fn: (tx: Queryable) => Promise<Change<Result>>,
) => Promise<Result>;

export function createAdministration(options: AdministrationOptions): Administration {
  const { database, clock } = options;
  const change: MakeChange = (actor, fn) =>
    database.asSystem(async (tx) => {
      const { result, event } = await fn(tx);
      if (event !== undefined) await insertAdminEvent(tx, actor, { id: uuidv7(clock.nowMs()), ...event });
      return result;
    });
  return {
    ...createAdminReads(database),
    ...projectChanges(change),
    ...tokenChanges(change, options),
    ...operatorTokens(change, options),
    listEvents: (projectId, page = {}) => listAdminEvents(database, projectId, page),
  };
}

function projectChanges(
  change: MakeChange,
): Pick<Administration, 'createProject' | 'renameProject' | 'archiveProject'> {
  return {
    createProject: (actor, project) =>
      change(actor, async (tx) => {
        const result = await insertProject(tx, project);
        return { result, event: projectEvent('project.create', result) };
      }),
    renameProject: (actor, id, name) =>
      change(actor, async (tx) => {
        if (!isUuid(id)) return { result: undefined };
        const { rows } = await tx
          .query<ProjectDbRow>(`update projects set name = $2 where id = $1 returning ${PROJECT_COLUMNS}`, [
            id,
            storableText(name),
          ])
          .catch((error: unknown) => {
            throw projectProblem(error) ?? error;
          });
        if (rows[0] === undefined) return { result: undefined };
        const result = toProjectRecord(rows[0]);
        return { result, event: projectEvent('project.rename', result) };
      }),
    archiveProject: (actor, id) =>
      change(actor, async (tx) => {
        const before = await lockProject(tx, id);
        if (before === undefined || before.archivedAtMs !== undefined) return { result: before };
        const { rows } = await tx.query<ProjectDbRow>(
          `update projects set archived_at = now() where id = $1 returning ${PROJECT_COLUMNS}`,
          [id],
        );
        if (rows[0] === undefined) return { result: undefined };
        const result = toProjectRecord(rows[0]);
        return { result, event: projectEvent('project.archive', result) };
      }),
  };
}

function projectEvent(
  action: 'project.create' | 'project.rename' | 'project.archive',
  project: ProjectRecord,
): Omit<NewAdminEvent, 'id'> {
  return { action, projectId: project.id, subjectId: project.id, details: { name: project.name } };
}

/** The project, locked until the transaction ends. */
async function lockProject(tx: Queryable, id: string): Promise<ProjectRecord | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await tx.query<ProjectDbRow>(
    `select ${PROJECT_COLUMNS} from projects where id = $1 for update`,
    [id],
  );
  return rows[0] === undefined ? undefined : toProjectRecord(rows[0]);
}

function tokenChanges(
  change: MakeChange,
  { pepper }: AdministrationOptions,
): Pick<Administration, 'createToken' | 'revokeToken'> {
  return {
    createToken: (actor, wanted) =>
      change(actor, async (tx) => {
        await assertRoomForToken(tx, wanted.projectId);
        const result = await insertToken(tx, pepper, wanted);
        return { result, event: tokenEvent('token.create', result.record) };
      }),
    revokeToken: (actor, tokenId, projectId) =>
      change(actor, async (tx) => {
        if (!isUuid(tokenId)) return { result: undefined };
        const where = `id = $1 and ($2::uuid is null or project_id = $2)`;
        const params = [tokenId, projectId ?? null];
        const { rows } = await tx.query<TokenDbRow>(
          `update tokens set revoked_at = now() where ${where} and revoked_at is null returning ${TOKEN_COLUMNS}`,
          params,
        );
        if (rows[0] !== undefined) {
          const result = toTokenRecord(rows[0]);
          return { result, event: tokenEvent('token.revoke', result) };
        }
        const existing = await tx.query<TokenDbRow>(
          `select ${TOKEN_COLUMNS} from tokens where ${where}`,
          params,
        );
        return { result: existing.rows[0] === undefined ? undefined : toTokenRecord(existing.rows[0]) };
      }),
  };
}

/** The lock on the project makes the count exact, and keeps it from being archived meanwhile. */
async function assertRoomForToken(tx: Queryable, projectId: string): Promise<void> {
  const project = await lockProject(tx, projectId);
  if (project === undefined) throw new StorageError('no_such_project', 'There is no project with this id.');
  if (project.archivedAtMs !== undefined)
    throw new StorageError('project_archived', 'The project is archived.');
  const { rows } = await tx.query<{ count: number }>(
    'select count(*)::int as count from tokens where project_id = $1 and revoked_at is null',
    [projectId],
  );
  if ((rows[0]?.count ?? 0) >= TOKENS_PER_PROJECT_MAX) {
    throw new StorageError('too_many_tokens', `The project has ${TOKENS_PER_PROJECT_MAX} tokens already.`);
  }
}

function tokenEvent(action: 'token.create' | 'token.revoke', token: TokenRecord): Omit<NewAdminEvent, 'id'> {
  return {
    action,
    projectId: token.projectId,
    subjectId: token.id,
    details: { name: token.name, scopes: [...token.scopes] },
  };
}

function operatorTokens(
  change: MakeChange,
  { database, pepper, clock }: AdministrationOptions,
): Pick<
  Administration,
  | 'createOperatorToken'
  | 'createFirstOperatorToken'
  | 'revokeOperatorToken'
  | 'listOperatorTokens'
  | 'findOperatorToken'
  | 'hasOperatorToken'
> {
  const create = async (tx: Queryable, wanted: NewOperatorToken): Promise<Change<CreatedOperatorToken>> => {
    const result = await insertOperatorToken(tx, pepper, wanted);
    return { result, event: operatorEvent('operator_token.create', result.record) };
  };
  return {
    createOperatorToken: (actor, wanted) =>
      change(actor, async (tx) => {
        await lockOperatorTokens(tx);
        return await create(tx, wanted);
      }),
    createFirstOperatorToken: (wanted) =>
      change<CreatedOperatorToken | undefined>({ kind: 'gateway' }, async (tx) => {
        await lockOperatorTokens(tx);
        const { ever } = await countOperatorTokens(tx, clock.nowMs());
        return ever > 0 ? { result: undefined } : await create(tx, wanted);
      }),
    revokeOperatorToken: (actor, id) =>
      change(actor, async (tx) => {
        const revoked = await revokeOperatorToken(tx, id);
        if (revoked?.changed !== true) return { result: revoked?.record };
        return { result: revoked.record, event: operatorEvent('operator_token.revoke', revoked.record) };
      }),
    listOperatorTokens: () => listOperatorTokens(database),
    findOperatorToken: (tokenHash, purpose) =>
      findOperatorToken(database, tokenHash, purpose === 'use' ? clock.nowMs() : undefined),
    hasOperatorToken: async () => {
      const { usable } = await database.asSystem((tx) => countOperatorTokens(tx, clock.nowMs()));
      return usable > 0;
    },
  };
}

function operatorEvent(
  action: 'operator_token.create' | 'operator_token.revoke',
  token: OperatorTokenRecord,
): Omit<NewAdminEvent, 'id'> {
  return { action, projectId: undefined, subjectId: token.id, details: { name: token.name } };
}
