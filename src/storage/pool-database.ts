import type { Pool, PoolClient } from 'pg';
import { DATABASE_WAITING_MAX } from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import type { OwnedDatabase, Queryable, QueryResult, SqlValue, Unlisten } from './database.ts';
import { StorageError } from './errors.ts';

/** What differs between the embedded engine and a server. */
export interface PoolBackend {
  readonly kind: 'embedded' | 'server';
  readonly pool: Pool;
  /** Takes the rights of the connecting user back, for the schema and for maintenance. */
  readonly enterOwnerSql: string;
  /** Gives them up: from here on the connection is the login role. */
  readonly enterLoginSql: string;
  /** Starts to deliver notifications of `channel`; the driver calls `notify` of the database. */
  subscribe(channel: string): Promise<void>;
  close(): Promise<void>;
}

const PROJECT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CHANNEL = /^[a-z_]{1,63}$/;

/**
 * The database over a `pg` pool. It is one class for both engines: what holds
 * for the embedded one in a test holds for the server.
 */
export class PoolDatabase implements OwnedDatabase {
  readonly kind: 'embedded' | 'server';
  readonly #backend: PoolBackend;
  readonly #logger: Logger;
  readonly #listeners = new Map<string, Set<(payload: string) => void>>();
  #closing: Promise<void> | undefined;

  constructor(backend: PoolBackend, logger: Logger) {
    this.kind = backend.kind;
    this.#backend = backend;
    this.#logger = logger;
    // Without a listener an idle connection that breaks would end the process.
    backend.pool.on('error', (error) => {
      logger.warn('database_connection_lost', { message: error.message });
    });
  }

  async query<Row extends object>(sql: string, params?: readonly SqlValue[]): Promise<QueryResult<Row>> {
    return await this.#withConnection((client) => run<Row>(client, sql, params));
  }

  async asProject<Result>(projectId: string, fn: (tx: Queryable) => Promise<Result>): Promise<Result> {
    // The id is written into the statement, so that opening the transaction is one round trip; this pattern is what makes that safe.
    if (!PROJECT_ID.test(projectId))
      throw new StorageError('not_a_project_id', 'The project id is not a UUID.');
    return await this.#transaction(
      `set_config('role', 'bw_app', true), set_config('app.project_id', '${projectId}', true)`,
      fn,
    );
  }

  async asSystem<Result>(fn: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return await this.#transaction(
      `set_config('role', 'bw_system', true), set_config('app.project_id', '', true)`,
      fn,
    );
  }

  async asOwner<Result>(fn: (connection: Queryable) => Promise<Result>): Promise<Result> {
    return await this.#withConnection(async (client) => {
      await client.query(this.#backend.enterOwnerSql);
      let result: Result;
      try {
        result = await fn(liveHandle(client).handle);
      } catch (error) {
        throw new DirtyConnection(error);
      }
      await client.query(this.#backend.enterLoginSql);
      return result;
    });
  }

  async listen(channel: string, fn: (payload: string) => void): Promise<Unlisten> {
    if (!CHANNEL.test(channel)) throw new RangeError('the channel is not a plain name');
    const listeners = this.#listeners.get(channel) ?? new Set();
    listeners.add(fn);
    this.#listeners.set(channel, listeners);
    await this.#backend.subscribe(channel);
    return () => {
      // The subscription itself stays: there are a handful of channels, and a notice without a listener costs nothing.
      listeners.delete(fn);
      return Promise.resolve();
    };
  }

  /** Called by the driver for each notification that arrives. */
  notify(channel: string, payload: string): void {
    for (const fn of this.#listeners.get(channel) ?? []) {
      try {
        fn(payload);
      } catch (error) {
        this.#logger.error('database_listener_failed', { channel, message: messageOf(error) });
      }
    }
  }

  /** Called by the driver when notifications may have been lost. */
  notifyMissed(): void {
    for (const channel of this.#listeners.keys()) this.notify(channel, '');
  }

  close(): Promise<void> {
    this.#closing ??= this.#backend.close();
    return this.#closing;
  }

  async #transaction<Result>(settings: string, fn: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return await this.#withConnection(async (client) => {
      await client.query(`begin; select ${settings}`);
      const { handle, end } = liveHandle(client);
      let result: Result;
      try {
        result = await fn(handle);
      } catch (error) {
        end();
        await rollback(client, error);
        throw error;
      }
      end();
      const committed = await client.query('commit');
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error: `fn` has swallowed one.
      if (committed.command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
      return result;
    });
  }

  async #withConnection<Result>(fn: (client: PoolClient) => Promise<Result>): Promise<Result> {
    if (this.#closing !== undefined) throw new StorageError('closed', 'The database is closed.');
    const { pool } = this.#backend;
    if (pool.waitingCount >= DATABASE_WAITING_MAX) {
      throw new StorageError('busy', 'Too many callers wait for the database.');
    }
    const client = await pool.connect();
    // The pool listens only to idle connections; one that breaks while it is lent out would end the process.
    client.on('error', ignore);
    try {
      const result = await fn(client);
      client.release();
      return result;
    } catch (error) {
      const isDirty = error instanceof DirtyConnection;
      client.release(isDirty);
      throw isDirty ? error.cause : error;
    } finally {
      client.removeListener('error', ignore);
    }
  }
}

/** Thrown inside only: the connection may hold the wrong role or an open transaction and must not be lent again. */
class DirtyConnection extends Error {
  constructor(cause: unknown) {
    super('the connection is in an unknown state', { cause });
  }
}

async function rollback(client: PoolClient, reason: unknown): Promise<void> {
  try {
    await client.query('rollback');
  } catch {
    throw new DirtyConnection(reason);
  }
}

/** A handle that refuses to work after `end`, so that a forgotten `await` cannot run in somebody else's transaction. */
function liveHandle(client: PoolClient): { handle: Queryable; end: () => void } {
  let isOver = false;
  return {
    handle: {
      query: async (sql, params) => {
        if (isOver) throw new StorageError('transaction_over', 'The transaction is over.');
        return await run(client, sql, params);
      },
    },
    end: () => {
      isOver = true;
    },
  };
}

async function run<Row extends object>(
  client: PoolClient,
  sql: string,
  params: readonly SqlValue[] | undefined,
): Promise<QueryResult<Row>> {
  const result = await client.query<Row>(sql, params === undefined ? undefined : [...params]);
  return { rows: result.rows, rowCount: result.rowCount ?? 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function ignore(): void {}
