import type { Client } from 'pg';
import { type Clock, sleep } from '../../platform/clock.ts';
import {
  DATABASE_ACQUIRE_MS,
  DATABASE_CONNECTIONS_MAX,
  DATABASE_STATEMENT_MS,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { PoolDatabase } from '../pool-database.ts';
import { ENTER_LOGIN_SQL } from '../roles.ts';

export interface ServerOptions {
  /** `postgres://…`. The user must own the database or be able to create roles, the first time at least. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RELISTEN_MS = 1_000;

/** Opens a PostgreSQL server. Nothing is connected yet when this resolves. */
export async function openServer(options: ServerOptions): Promise<PoolDatabase> {
  const { default: pg } = await import('pg');
  const settings = {
    connectionString: options.databaseUrl,
    application_name: 'breakwater',
    connectionTimeoutMillis: DATABASE_ACQUIRE_MS,
  };
  const pool = new pg.Pool({
    ...settings,
    max: DATABASE_CONNECTIONS_MAX,
    statement_timeout: DATABASE_STATEMENT_MS,
    // A client that dies in mid-transaction must not hold its locks.
    idle_in_transaction_session_timeout: 4 * DATABASE_STATEMENT_MS,
    // `pg` awaits this before it lends the connection out.
    onConnect: (client) => client.query(ENTER_LOGIN_SQL) as unknown as void,
  });
  const listener = new Listener(() => new pg.Client(settings), options);
  const database = new PoolDatabase(
    {
      kind: 'server',
      pool,
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
