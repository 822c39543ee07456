import type { ClientBase, Pool, PoolClient } from 'pg';
import { DATABASE_CONNECTIONS_MAX, DATABASE_STATEMENT_MS, DATABASE_WAITING_MAX } from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import type { OwnedDatabase, Queryable, QueryResult, SqlValue, Unlisten } from './database.ts';
import { isConnectionLost, StorageError } from './errors.ts';

/** What differs between the embedded engine and a server. */
export interface PoolBackend {
  readonly kind: 'embedded' | 'server';
  readonly pool: Pool;
  /** Takes the rights of the connecting user back, for the schema and for maintenance. */
  readonly enterOwnerSql: string;
  /** Gives them up: from here on the connection is the login role. */
  readonly enterLoginSql: string;
  /** Work with the rights of the owner has a connection of its own; the two statements above are not used. */
  readonly withOwner?: <Result>(fn: (client: ClientBase) => Promise<Result>) => Promise<Result>;
  /** Each transaction may run on another connection, so each statement sets what it relies on. */
  readonly isTransactionPooler?: boolean;
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
    if (this.#backend.isTransactionPooler === true) {
      return await this.#transaction(
        `set_config('role', 'bw_login', true), set_config('app.project_id', '', true)`,
        (tx) => tx.query<Row>(sql, params),
      );
    }
    // A question of the login role changes nothing, so it may be asked again on another connection.
    let result: QueryResult<Row> = { rows: [], rowCount: 0 };
    return await this.#withConnection(
      () => Promise.resolve(result),
      async (client) => {
        result = await run<Row>(client, sql, params);
      },
    );
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
    const { withOwner } = this.#backend;
    if (withOwner !== undefined) {
      if (this.#closing !== undefined) throw new StorageError('closed', 'The database is closed.');
      return await withOwner((client) => fn(liveHandle(client).handle));
    }
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
    const begin = `begin; select ${settings}${this.#sharedSettings()}`;
    return await this.#withConnection(
      async (client) => {
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
      },
      (client) => client.query(begin),
    );
  }

  /** What a connection of our own has from the start, and one of a pooler must be told in each transaction. */
  #sharedSettings(): string {
    if (this.#backend.isTransactionPooler !== true) return '';
    const idleMs = 4 * DATABASE_STATEMENT_MS;
    return (
      `, set_config('statement_timeout', '${String(DATABASE_STATEMENT_MS)}', true)` +
      `, set_config('idle_in_transaction_session_timeout', '${String(idleMs)}', true)`
    );
  }

  async #withConnection<Result>(
    fn: (client: PoolClient) => Promise<Result>,
    prepare: (client: PoolClient) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Result> {
    const client = await this.#connect(prepare);
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

  /**
   * Borrows a connection on which `prepare` has succeeded. One that the server
   * has ended may be lent out before the news of it arrives; nothing has been
   * done on it yet, so another one is taken.
   */
  async #connect(prepare: (client: PoolClient) => Promise<unknown>): Promise<PoolClient> {
    const { pool } = this.#backend;
    for (let attempt = 1; ; attempt += 1) {
      if (this.#closing !== undefined) throw new StorageError('closed', 'The database is closed.');
      if (pool.waitingCount >= DATABASE_WAITING_MAX) {
        throw new StorageError('busy', 'Too many callers wait for the database.');
      }
      const client = await pool.connect();
      // The pool listens only to idle connections; one that breaks while it is lent out would end the process.
      client.on('error', ignore);
      try {
        await prepare(client);
        return client;
      } catch (error) {
        client.removeListener('error', ignore);
        const isLost = isConnectionLost(error);
        client.release(isLost);
        if (!isLost || attempt >= CONNECT_ATTEMPTS_MAX || this.kind === 'embedded') throw error;
      }
    }
  }
}

/** Every connection of the pool may be dead, and each is found out only by trying it. */
const CONNECT_ATTEMPTS_MAX = DATABASE_CONNECTIONS_MAX + 1;

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
function liveHandle(client: ClientBase): { handle: Queryable; end: () => void } {
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
  client: ClientBase,
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
