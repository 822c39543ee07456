import { randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import {
  LIST_ROWS_MAX,
  TOKEN_LAST_USED_RESOLUTION_MS,
  TOKEN_TOOL_ALLOW_LIST_MAX,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import {
  createToken,
  hashToken,
  type Scope,
  type TokenEnvironment,
  type TokenLookup,
  type TokenRow,
  tokenHint,
} from '../../tenancy/index.ts';
import type { Database, Queryable } from '../database.ts';
import { StorageError, sqlState } from '../errors.ts';
import { storableText } from '../text.ts';
import { clampLimit, isUuid } from './keys-of-rows.ts';

/** What may be shown of a token. Instants are epoch milliseconds. */
export interface TokenRecord {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly prefix: string;
  readonly last4: string;
  readonly scopes: readonly string[];
  readonly toolAllowList: readonly string[] | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
}

/** A token to make. */
export interface NewToken {
  readonly projectId: string;
  /** 1 to 200 characters, for people. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Exposed tool names; undefined: all of the project. */
  readonly toolAllowList?: readonly string[] | undefined;
  /** Epoch milliseconds; undefined: it does not expire. */
  readonly expiresAtMs?: number | undefined;
  /** Default `live`. */
  readonly environment?: Exclude<TokenEnvironment, 'adm'> | undefined;
}

export interface CreatedToken {
  /** The token itself. It is stored as a digest and cannot be shown again. */
  readonly token: string;
  readonly record: TokenRecord;
}

export interface TokenRepository extends TokenLookup {
  /** Makes a token. Rejects with `StorageError` `no_such_project`, `bad_name` or `allow_list_too_long`. */
  create(token: NewToken): Promise<CreatedToken>;
  /** What the store knows of the token with this digest. Notes the use, at most every five minutes. */
  lookup(tokenHash: Buffer): Promise<TokenRow | undefined>;
  /** Revokes a token of this project. False when it is not one, or was revoked before. */
  revoke(projectId: string, tokenId: string): Promise<boolean>;
  /** Tokens of one project, newest first. */
  list(projectId: string, limit?: number): Promise<TokenRecord[]>;
}

interface AuthenticateRow {
  readonly token_id: string;
  readonly project_id: string;
  readonly scopes: string[];
  readonly tool_allow_list: string[] | null;
  readonly expires_at_ms: number | null;
  readonly revoked_at_ms: number | null;
  readonly last_used_at_ms: number | null;
}

/** A row of `tokens` as `TOKEN_COLUMNS` reads it. */
export interface TokenDbRow {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly last4: string;
  readonly scopes: string[];
  readonly tool_allow_list: string[] | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly revoked_at_ms: number | null;
  readonly last_used_at_ms: number | null;
}

/** A column as epoch milliseconds, `<column>_ms`. */
export function ms(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8 as ${column}_ms`;
}

/** Everything of a token but its digest. */
export const TOKEN_COLUMNS: string = `id, project_id, name, prefix, last4, scopes, tool_allow_list, ${ms('created_at')},
  ${ms('expires_at')}, ${ms('revoked_at')}, ${ms('last_used_at')}`;
const LOOKUP_SQL = `select token_id, project_id, scopes, tool_allow_list,
  ${ms('expires_at')}, ${ms('revoked_at')}, ${ms('last_used_at')} from authenticate($1)`;
const INSERT_SQL = `
  insert into tokens (id, project_id, name, token_hash, prefix, last4, scopes, tool_allow_list, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, timestamptz 'epoch' + $9::float8 * interval '1 millisecond')
  returning ${TOKEN_COLUMNS}`;
const NO_SUCH_PROJECT = 'There is no project with this id.';
const FOREIGN_KEY_VIOLATION = '23503';
const CHECK_VIOLATION = '23514';

export interface TokenRepositoryOptions {
  readonly database: Database;
  /** Key of the token digests. */
  readonly pepper: Buffer;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createTokenRepository(options: TokenRepositoryOptions): TokenRepository {
  const { database } = options;
  return {
    create: (token) => database.asSystem((tx) => insertToken(tx, options.pepper, token)),
    async lookup(tokenHash) {
      const { rows } = await database.query<AuthenticateRow>(LOOKUP_SQL, [tokenHash]);
      const [row] = rows;
      if (row === undefined) return undefined;
      noteUse(options, row);
      return {
        tokenId: row.token_id,
        projectId: row.project_id,
        scopes: row.scopes,
        toolAllowList: row.tool_allow_list ?? undefined,
        expiresAtMs: row.expires_at_ms ?? undefined,
        revokedAtMs: row.revoked_at_ms ?? undefined,
      };
    },
    async revoke(projectId, tokenId) {
      if (!isUuid(projectId) || !isUuid(tokenId)) return false;
      const { rowCount } = await database.asSystem((tx) =>
        tx.query(
          'update tokens set revoked_at = now() where project_id = $1 and id = $2 and revoked_at is null',
          [projectId, tokenId],
        ),
      );
      return rowCount === 1;
    },
    async list(projectId, limit = LIST_ROWS_MAX) {
      const { rows } = await database.asProject(projectId, (tx) =>
        tx.query<TokenDbRow>(`select ${TOKEN_COLUMNS} from tokens order by created_at desc, id limit $1`, [
          clampLimit(limit),
        ]),
      );
      return rows.map(toTokenRecord);
    },
  };
}

/** Makes a token within a transaction of the system role. Rejects as `TokenRepository.create` does. */
export async function insertToken(tx: Queryable, pepper: Buffer, wanted: NewToken): Promise<CreatedToken> {
  const { projectId, toolAllowList, expiresAtMs } = wanted;
  if (toolAllowList !== undefined && toolAllowList.length > TOKEN_TOOL_ALLOW_LIST_MAX) {
    throw new StorageError(
      'allow_list_too_long',
      `A token allows at most ${TOKEN_TOOL_ALLOW_LIST_MAX} tools by name.`,
    );
  }
  if (!isUuid(projectId)) throw new StorageError('no_such_project', NO_SUCH_PROJECT);
  const token = createToken(wanted.environment);
  const { prefix, last4 } = tokenHint(token);
  try {
    const { rows } = await tx.query<TokenDbRow>(INSERT_SQL, [
      randomUUID(),
      projectId,
      storableText(wanted.name),
      hashToken(pepper, token),
      prefix,
      last4,
      [...wanted.scopes],
      toolAllowList === undefined ? null : toolAllowList.map(storableText),
      expiresAtMs ?? null,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Error('the inserted token was not returned');
    return { token, record: toTokenRecord(row) };
  } catch (error) {
    if (sqlState(error) === FOREIGN_KEY_VIOLATION) throw new StorageError('no_such_project', NO_SUCH_PROJECT);
    if (sqlState(error) === CHECK_VIOLATION)
      throw new StorageError('bad_name', 'A token name has 1 to 200 characters.');
    throw error;
  }
}

/** Nobody waits for this, and nobody is refused because it failed. */
function noteUse({ database, clock, logger }: TokenRepositoryOptions, row: AuthenticateRow): void {
  const nowMs = clock.nowMs();
  if (row.last_used_at_ms !== null && nowMs - row.last_used_at_ms < TOKEN_LAST_USED_RESOLUTION_MS) return;
  database
    .asSystem((tx) =>
      tx.query(
        `update tokens set last_used_at = timestamptz 'epoch' + $2::float8 * interval '1 millisecond' where id = $1`,
        [row.token_id, nowMs],
      ),
    )
    .catch((error: Error) => {
      logger.debug('token_use_not_noted', { token_id: row.token_id, message: error.message });
    });
}

export function toTokenRecord(row: TokenDbRow): TokenRecord {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    prefix: row.prefix,
    last4: row.last4,
    scopes: row.scopes,
    toolAllowList: row.tool_allow_list ?? undefined,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms ?? undefined,
    revokedAtMs: row.revoked_at_ms ?? undefined,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
  };
}
