/** What holds for a PostgreSQL server beyond the contract that every database keeps. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { openStorage, type Storage, type StorageOptions } from '../../src/storage/index.ts';
import { createCleanup } from '../support/index.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { callOf } from './storage-rows.contract.ts';
import { startTransactionPooler } from './transaction-pooler.ts';

const cleanup = createCleanup();
let server: PostgresServer;
beforeAll(() => {
  server = cleanup.add(startPostgres(), (thing) => thing.remove());
});
afterAll(cleanup.run);

async function open(options: Partial<StorageOptions>): Promise<Storage> {
  const storage = await openStorage({
    dataDir: 'memory://',
    clock: systemClock,
    logger: silentLogger,
    ...options,
  });
  return cleanup.add(storage, (thing) => thing.close());
}

function latch(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}

describe('replicas that start together', () => {
  it('migrate one after the other, and all of them serve', async () => {
    const databaseUrl = await server.createDatabase('superuser');
    const replicas = await Promise.all([1, 2, 3].map(() => open({ databaseUrl })));
    const names = replicas.map((_, index) => `of replica ${String(index)}`);
    await Promise.all(
      replicas.map((replica, index) => replica.projects.create({ name: names[index] ?? '' })),
    );
    for (const replica of replicas) {
      expect((await replica.projects.list()).map(({ name }) => name)).toEqual(names);
    }
  });
});

describe('connections that the server ends', () => {
  it('never end the process, are replaced, and whoever listens is told that it may have missed something', async () => {
    const storage = await open({ databaseUrl: await server.createDatabase('superuser') });
    const project = await storage.projects.create({ name: 'p' });
    const told: string[] = [];
    await storage.database.listen('bw_tokens', (payload) => told.push(payload));
    for (let round = 0; round < 3; round += 1) {
      const isInside = latch();
      // One connection is in the middle of a transaction, others are idle or listen.
      const running = storage.database.asSystem(async (tx) => {
        await tx.query('select 1');
        isInside.resolve();
        await tx.query('select pg_sleep(20)');
      });
      const ended = running.then(
        () => 'answered',
        () => 'ended',
      );
      await Promise.all([1, 2, 3].map(() => storage.projects.list()));
      await isInside.promise;
      await server.admin(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null',
      );
      expect(await ended).toBe('ended');
      expect((await storage.projects.get(project.id))?.name).toBe('p');
      expect((await storage.database.query('select 1')).rowCount).toBe(1);
      await expect.poll(() => told.length, { timeout: 5_000 }).toBeGreaterThan(round);
    }
    expect(new Set(told)).toEqual(new Set(['']));
  });

  it('lose nothing that was acknowledged when the server crashes in the middle of it', async () => {
    const own = cleanup.add(startPostgres(), (thing) => thing.remove());
    const storage = await open({ databaseUrl: await own.createDatabase('superuser') });
    const { id } = await storage.projects.create({ name: 'p' });
    const acknowledged: string[] = [];
    let isRunning = true;
    const writing = (async () => {
      while (isRunning) {
        const call = callOf(id);
        try {
          await storage.toolCalls.insertBatch([call]);
          acknowledged.push(call.callId);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    })();
    for (let round = 0; round < 2; round += 1) {
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(before + 20);
      own.stop('immediate');
      own.start();
    }
    isRunning = false;
    await writing;
    const { rows } = await storage.database.asSystem((tx) =>
      tx.query<{ call_id: string }>('select call_id from tool_calls'),
    );
    const stored = new Set(rows.map((row) => row.call_id));
    expect(acknowledged.filter((callId) => !stored.has(callId))).toEqual([]);
    await storage.close();
  });
});

describe('a lock that a migration of somebody else holds', () => {
  it('makes calls fail in seconds and holds nothing up for ever', async () => {
    const storage = await open({ databaseUrl: await server.createDatabase('superuser') });
    const released = latch();
    const isLocked = latch();
    const owned = storage.database as unknown as {
      asOwner(fn: (tx: { query(sql: string): Promise<unknown> }) => Promise<void>): Promise<void>;
    };
    const holding = owned.asOwner(async (tx) => {
      await tx.query('begin; lock table projects in access exclusive mode');
      isLocked.resolve();
      await released.promise;
      await tx.query('commit');
    });
    await isLocked.promise;
    await expect(storage.projects.list()).rejects.toMatchObject({ code: '57014' });
    released.resolve();
    await holding;
    expect(await storage.projects.list()).toEqual([]);
  });
});

describe('a transaction pooler', () => {
  it('spreads transactions over connections, and no role, project or setting travels with them', async () => {
    const ownerUrl = await server.createDatabase('superuser');
    const socketFolder = decodeURIComponent(/@([^/]+)\//.exec(ownerUrl)?.[1] ?? '');
    const database = ownerUrl.slice(ownerUrl.lastIndexOf('/') + 1);
    await server.admin('create role pooled login noinherit');
    const pooler = cleanup.add(
      await startTransactionPooler({
        socketPath: `${socketFolder}/.s.PGSQL.5432`,
        user: 'pooled',
        database,
        size: 3,
      }),
      (thing) => thing.close(),
    );
    const storage = await open({
      databaseUrl: `postgres://pooled@127.0.0.1:${String(pooler.port)}/${database}`,
      databaseOwnerUrl: ownerUrl,
      isTransactionPooler: true,
    });
    const projects = await Promise.all(
      Array.from({ length: 8 }, () => storage.projects.create({ name: randomUUID() })),
    );
    const backends = new Set<number>();
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const project = projects[index % projects.length]?.id ?? '';
        if (index % 5 === 0) {
          const failed = storage.database.asProject(project, (tx) => tx.query('select 1/0'));
          await expect(failed).rejects.toMatchObject({ code: '22012' });
        }
        await storage.database.asProject(project, async (tx) => {
          const { rows } = await tx.query<{ id: string; pid: number }>(
            'select id, pg_backend_pid() as pid from projects',
          );
          expect(rows.map(({ id }) => id)).toEqual([project]);
          backends.add(rows[0]?.pid ?? 0);
        });
        const { rows } = await storage.database.query<{ role: string; project: string }>(
          `select current_user::text as role, current_setting('app.project_id', true) as project`,
        );
        expect(rows).toEqual([{ role: 'bw_login', project: '' }]);
      }),
    );
    expect(backends.size).toBe(3);
    const told: string[] = [];
    await storage.database.listen('bw_tokens', (payload) => told.push(payload));
    const { record } = await storage.tokens.create({
      projectId: projects[0]?.id ?? '',
      name: 't',
      scopes: [],
    });
    await storage.tokens.revoke(record.projectId, record.id);
    await expect.poll(() => told).toEqual([record.id]);
  });

  it('is refused without a direct connection', async () => {
    await expect(open({ databaseUrl: server.adminUrl, isTransactionPooler: true })).rejects.toMatchObject({
      problem: 'bad_option',
      message: expect.stringContaining('DATABASE_OWNER_URL'),
    });
  });
});
