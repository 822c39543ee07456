import { randomUUID } from 'node:crypto';
import { OPERATOR_TOKENS_MAX, TOKEN_LAST_USED_RESOLUTION_MS } from '../../platform/limits.ts';
import { createToken, hashToken, tokenHint } from '../../tenancy/index.ts';
import type { Database, Queryable } from '../database.ts';
import { StorageError, sqlState } from '../errors.ts';
import { storableText } from '../text.ts';
import { isUuid } from './keys-of-rows.ts';
import { ms } from './tokens.ts';

/** What may be shown of an operator's token. Instants are epoch milliseconds. */
export interface OperatorTokenRecord {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly last4: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
}

export interface NewOperatorToken {
  /** 1 to 200 characters, for people. */
  readonly name: string;
  /** Epoch milliseconds; undefined: it does not expire. */
  readonly expiresAtMs?: number | undefined;
}

export interface CreatedOperatorToken {
  /** The token itself. It is stored as a digest and cannot be shown again. */
  readonly token: string;
  readonly record: OperatorTokenRecord;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly last4: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly revoked_at_ms: number | null;
  readonly last_used_at_ms: number | null;
}

const COLUMNS = `id, name, prefix, last4, ${ms('created_at')}, ${ms('expires_at')}, ${ms('revoked_at')}, ${ms('last_used_at')}`;
const CHECK_VIOLATION = '23514';
/** Any number, as long as nothing else on the server locks with it: the letters of "bwop". */
const LOCK_KEY = 0x62776f70;

/** One change of the operators' tokens at a time: the bound on their number and "the first one" are counted. */
export async function lockOperatorTokens(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
}

/** Makes a token. Rejects with `bad_name` or `too_many_tokens`. Call `lockOperatorTokens` before. */
export async function insertOperatorToken(
  tx: Queryable,
  pepper: Buffer,
  wanted: NewOperatorToken,
): Promise<CreatedOperatorToken> {
  const { rows: counted } = await tx.query<{ count: number }>(
    'select count(*)::int as count from operator_tokens where revoked_at is null',
  );
  if ((counted[0]?.count ?? 0) >= OPERATOR_TOKENS_MAX) {
    throw new StorageError('too_many_tokens', `There are ${OPERATOR_TOKENS_MAX} operator tokens already.`);
  }
  const token = createToken('adm');
  const { prefix, last4 } = tokenHint(token);
  try {
    const { rows } = await tx.query<Row>(
      `insert into operator_tokens (id, name, token_hash, prefix, last4, expires_at)
       values ($1, $2, $3, $4, $5, timestamptz 'epoch' + $6::float8 * interval '1 millisecond')
       returning ${COLUMNS}`,
      [
        randomUUID(),
        storableText(wanted.name),
        hashToken(pepper, token),
        prefix,
        last4,
        wanted.expiresAtMs ?? null,
      ],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the inserted token was not returned');
    return { token, record: toRecord(row) };
  } catch (error) {
    if (sqlState(error) === CHECK_VIOLATION)
      throw new StorageError('bad_name', 'A token name has 1 to 200 characters.');
    throw error;
  }
}

/** Marks a token as revoked. Undefined when there is none; `changed` is false when it was revoked before. */
export async function revokeOperatorToken(
  tx: Queryable,
  id: string,
): Promise<{ readonly record: OperatorTokenRecord; readonly changed: boolean } | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await tx.query<Row>(
    `update operator_tokens set revoked_at = now() where id = $1 and revoked_at is null returning ${COLUMNS}`,
    [id],
  );
  if (rows[0] !== undefined) return { record: toRecord(rows[0]), changed: true };
  const existing = await tx.query<Row>(`select ${COLUMNS} from operator_tokens where id = $1`, [id]);
  return existing.rows[0] === undefined ? undefined : { record: toRecord(existing.rows[0]), changed: false };
}

/** All tokens of operators that were ever made, newest first; they are few. */
export async function listOperatorTokens(database: Database): Promise<OperatorTokenRecord[]> {
  const { rows } = await database.asSystem((tx) =>
    tx.query<Row>(`select ${COLUMNS} from operator_tokens order by created_at desc, id desc limit 500`),
  );
  return rows.map(toRecord);
}

/** The token with this digest, whatever its state. With `usedAtMs` its use is noted, at most every five minutes. */
export async function findOperatorToken(
  database: Database,
  tokenHash: Buffer,
  usedAtMs: number | undefined,
): Promise<OperatorTokenRecord | undefined> {
  return await database.asSystem(async (tx) => {
    const { rows } = await tx.query<Row>(`select ${COLUMNS} from operator_tokens where token_hash = $1`, [
      tokenHash,
    ]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const lastUsed = row.last_used_at_ms;
    const isDue = (nowMs: number): boolean =>
      lastUsed === null || nowMs - lastUsed >= TOKEN_LAST_USED_RESOLUTION_MS;
    if (usedAtMs !== undefined && isDue(usedAtMs)) {
      await tx.query(
        `update operator_tokens set last_used_at = timestamptz 'epoch' + $2::float8 * interval '1 millisecond' where id = $1`,
        [row.id, usedAtMs],
      );
    }
    return toRecord(row);
  });
}

/** How many tokens of operators there are: ever made, and such as open the admin surface at `nowMs`. */
export async function countOperatorTokens(
  tx: Queryable,
  nowMs: number,
): Promise<{ readonly ever: number; readonly usable: number }> {
  const { rows } = await tx.query<{ ever: number; usable: number }>(
    `select count(*)::int as ever, count(*) filter (where revoked_at is null and
       (expires_at is null or expires_at > timestamptz 'epoch' + $1::float8 * interval '1 millisecond'))::int as usable
     from operator_tokens`,
    [nowMs],
  );
  return rows[0] ?? { ever: 0, usable: 0 };
}

function toRecord(row: Row): OperatorTokenRecord {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    last4: row.last4,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms ?? undefined,
    revokedAtMs: row.revoked_at_ms ?? undefined,
    lastUsedAtMs: row.last_used_at_ms ?? undefined,
  };
}
