import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import type { Clock } from '../../platform/clock.ts';
import { DATABASE_ACQUIRE_MS } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { PoolDatabase } from '../pool-database.ts';
import { ENTER_LOGIN_SQL } from '../roles.ts';
import { EmbeddedEngine } from './engine.ts';
import { EngineSocket } from './engine-socket.ts';

export interface EmbeddedOptions {
  /** The data folder, locked by the caller; the database is its subfolder `db`. Undefined: in memory. */
  readonly dataDir: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A prepared database for a first start. */
  readonly seedPath?: string | undefined;
  /** Default `EMBEDDED_STATEMENT_MS_MAX`. */
  readonly statementMsMax?: number;
}

/** Opens the embedded database. Resolves when the engine runs. */
export async function openEmbedded(options: EmbeddedOptions): Promise<PoolDatabase> {
  const { dataDir, clock, logger } = options;
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const engine = new EmbeddedEngine({
    folder: dataDir === undefined ? undefined : join(dataDir, 'db'),
    seedPath: options.seedPath,
    clock,
    logger,
    ...(options.statementMsMax === undefined ? {} : { statementMsMax: options.statementMsMax }),
  });
  const [{ default: pg }] = await Promise.all([import('pg'), engine.start()]);

  const channels = new Set<string>();
  let hasConnected = false;
  const onConnect = async (client: PoolClient): Promise<void> => {
    client.on('notification', ({ channel, payload }) => database.notify(channel, payload ?? ''));
    await client.query(ENTER_LOGIN_SQL);
    for (const channel of channels) await client.query(`listen ${channel}`);
    if (hasConnected) database.notifyMissed();
    hasConnected = true;
  };
  const pool = new pg.Pool({
    // Everything explicit: PGUSER and its kin in the environment are about some other server.
    user: 'postgres',
    database: 'postgres',
    password: '',
    ssl: false,
    stream: () => new EngineSocket(engine) as never,
    // The engine has one session: two clients would see each other's role and project.
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: DATABASE_ACQUIRE_MS,
    onConnect: (client) => onConnect(client as PoolClient) as unknown as void,
  });
  const database = new PoolDatabase(
    {
      kind: 'embedded',
      pool,
      // `reset` has no default to go back to in the single-user engine.
      enterOwnerSql: 'set session authorization postgres; reset role',
      enterLoginSql: ENTER_LOGIN_SQL,
      subscribe: async (channel) => {
        channels.add(channel);
        await database.query(`listen ${channel}`);
      },
      close: async () => {
        await pool.end();
        await engine.close();
      },
    },
    logger,
  );
  return database;
}
