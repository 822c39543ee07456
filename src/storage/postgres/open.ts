import type { Client } from 'pg';
import { type Clock, sleep } from '../../platform/clock.ts';
import {
  DATABASE_ACQUIRE_MS,
  DATABASE_CONNECTIONS_MAX,
  DATABASE_STATEMENT_MS,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { StorageError } from '../errors.ts';
import { PoolDatabase } from '../pool-database.ts';
import { ENTER_LOGIN_SQL } from '../roles.ts';
import { ownerConnection } from './owner-connection.ts';

export interface ServerOptions {
  /** `postgres://…`. Without an `ownerUrl` the user must own the database and be able to create roles. */
  readonly databaseUrl: string;
  /**
   * The same database as the user that owns it and makes the roles. The user of
   * `databaseUrl` is then granted what it needs, and nothing that it runs can
   * climb back to the owner. It must be a direct connection.
   */
  readonly ownerUrl?: string | undefined;
  /**
   * `databaseUrl` leads to a pooler that gives each transaction another
   * connection. Nothing is then kept in the session, and notifications come
   * over `ownerUrl`, which is required.
   */
  readonly isTransactionPooler?: boolean | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RELISTEN_MS = 1_000;

/** Opens a PostgreSQL server. Nothing is connected yet when this resolves. Rejects with `bad_option`. */
export async function openServer(options: ServerOptions): Promise<PoolDatabase> {
  const { databaseUrl, ownerUrl, isTransactionPooler = false } = options;
  if (isTransactionPooler && ownerUrl === undefined) {
    throw new StorageError(
      'bad_option',
      'Behind a transaction pooler the schema and the notifications need a direct connection: set DATABASE_OWNER_URL.',
    );
  }
  const { default: pg } = await import('pg');
  const settings = {
    connectionString: databaseUrl,
    application_name: 'breakwater',
    connectionTimeoutMillis: DATABASE_ACQUIRE_MS,
    keepAlive: true,
  };
  const pool = new pg.Pool({
    ...settings,
    max: DATABASE_CONNECTIONS_MAX,
    ...(isTransactionPooler ? {} : SESSION_SETTINGS),
  });
  const direct = { ...settings, connectionString: isTransactionPooler ? ownerUrl : databaseUrl };
  const listener = new Listener(() => new pg.Client(direct), options);
  const database = new PoolDatabase(
    {
      kind: 'server',
      pool,
      isTransactionPooler,
      ...(ownerUrl === undefined
        ? {}
        : {
            withOwner: ownerConnection({
              owner: () => new pg.Client({ ...settings, connectionString: ownerUrl }),
              user: () => new pg.Client(settings),
            }),
          }),
      // The first takes a superuser back, the second everybody else; a migration may take longer than a query.
      enterOwnerSql: 'reset session authorization; reset role; set statement_timeout = 0',
      enterLoginSql: `reset statement_timeout; ${ENTER_LOGIN_SQL}`,
      subscribe: (channel) => listener.subscribe(channel),
      close: async () => {
        await listener.close();
        await pool.end();
      },
    },
    options.logger,
  );
  listener.start({
    onNotification: (channel, payload) => database.notify(channel, payload),
    onReconnect: () => database.notifyMissed(),
  });
  return database;
}

/** What a connection that nobody shares is told once. */
const SESSION_SETTINGS = {
  statement_timeout: DATABASE_STATEMENT_MS,
  // A client that dies in mid-transaction must not hold its locks.
  idle_in_transaction_session_timeout: 4 * DATABASE_STATEMENT_MS,
  // `pg` awaits this before it lends the connection out.
  onConnect: (client: { query(sql: string): Promise<unknown> }): void =>
    client.query(ENTER_LOGIN_SQL) as unknown as void,
} as const;

interface ListenerEvents {
  onNotification(channel: string, payload: string): void;
  onReconnect(): void;
}

/** A connection of its own for notifications: one out of the pool would have to be held for ever. */
class Listener {
  readonly #createClient: () => Client;
  readonly #options: ServerOptions;
  readonly #channels = new Set<string>();
  #events: ListenerEvents | undefined;
  #client: Client | undefined;
  #connecting: Promise<void> | undefined;
  #isClosed = false;

  constructor(createClient: () => Client, options: ServerOptions) {
    this.#createClient = createClient;
    this.#options = options;
  }

  start(events: ListenerEvents): void {
    this.#events = events;
  }

  async subscribe(channel: string): Promise<void> {
    this.#channels.add(channel);
    if (this.#client === undefined) {
      this.#connecting ??= this.#connect();
      await this.#connecting;
    } else {
      await this.#client.query(`listen ${channel}`);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = this.#createClient();
    client.on('error', ignore);
    client.on('notification', ({ channel, payload }) => this.#events?.onNotification(channel, payload ?? ''));
    client.on('end', () => {
      if (this.#client !== client || this.#isClosed) return;
      this.#client = undefined;
      this.#connecting = undefined;
      void this.#reconnect();
    });
    try {
      await client.connect();
      for (const channel of this.#channels) await client.query(`listen ${channel}`);
    } catch (error) {
      this.#connecting = undefined;
      await client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
  }

  async #reconnect(): Promise<void> {
    this.#options.logger.warn('database_listener_lost');
    while (!this.#isClosed && this.#client === undefined) {
      await sleep(this.#options.clock, RELISTEN_MS);
      if (this.#isClosed) return;
      try {
        this.#connecting ??= this.#connect();
        await this.#connecting;
        this.#events?.onReconnect();
      } catch {
        // The next turn tries again.
      }
    }
  }
}

function ignore(): void {}
