import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Storage } from '../../src/storage/index.ts';
import type { OwnedDatabase, Queryable, SqlValue } from '../../src/storage/database.ts';
import { sqlState } from '../../src/storage/errors.ts';
import { migrate, readMigrations } from '../../src/storage/migrations/runner.ts';
import { checkIsolation } from '../../src/storage/self-check.ts';
import { describeAdministration } from './administration.contract.ts';
import { callOf, describeTokens, describeToolCalls, type Parts } from './storage-rows.contract.ts';
import { describeUpkeep } from './storage-upkeep.contract.ts';

/** What every database must do, run against each of them. */
export function describeStorage(
  name: string,
  open: () => Promise<Storage>,
  // One user that is no superuser and owns the tables can always become their owner.
  options: { readonly canBecomeOwner?: boolean } = {},
): void {
  describe(`storage on ${name}`, () => {
    let storage: Storage;
    let owned: OwnedDatabase;
    let own: string;
    let foreign: string;

    beforeAll(async () => {
      storage = await open();
      owned = storage.database as OwnedDatabase;
      own = (await storage.projects.create({ name: `own ${randomUUID()}` })).id;
      foreign = (await storage.projects.create({ name: `foreign ${randomUUID()}` })).id;
      for (const projectId of [own, foreign]) {
        const token = { projectId, name: 'token', scopes: ['tools:call'] } as const;
        await storage.administration.createToken({ kind: 'gateway' }, token);
        await storage.toolCalls.insertBatch([callOf(projectId)]);
      }
      await storage.administration.createOperatorToken({ kind: 'gateway' }, { name: 'operator' });
    });
    afterAll(async () => {
      await storage?.close();
    });
    const parts = (): Parts => ({ storage, owned, own, foreign });

    describeIsolation(parts);
    describeTransactions(parts);
    if (options.canBecomeOwner !== true) describeClimbing(parts);
    describeSelfCheck(parts);
    describeMigrations(parts);
    describeTokens(parts);
    describeToolCalls(parts);
    describeAdministration(parts);
    describeUpkeep(parts);
  });
}

/** A row of each table with project data, as the project would insert it. A new table needs an entry here. */
const ROWS: Readonly<Record<string, (projectId: string) => { sql: string; params: SqlValue[] }>> = {
  projects: (id) => ({
    sql: 'insert into projects (id, name) values ($1, $2)',
    // The row of the project itself is there; what a project could add is one under another id.
    params: [id, `new ${randomUUID()}`],
  }),
  tokens: (id) => ({
    sql: `insert into tokens (id, project_id, name, token_hash, prefix, last4, scopes) values ($1, $2, 'n', $3, 'bw_live_', '0000', '{}')`,
    params: [randomUUID(), id, randomBytes(32)],
  }),
  tool_calls: (id) => ({
    sql: `insert into tool_calls (started_at, call_id, project_id, method, revision, transport, status, outcome, request_bytes, response_bytes, duration_ms)
          values (now(), $1, $2, 'm', 'r', 'http', 'success', 'ok', 0, 0, 0)`,
    params: [randomUUID(), id],
  }),
  admin_events: (id) => ({
    sql: `insert into admin_events (id, project_id, actor_kind, action, subject_id) values ($1, $2, 'gateway', 'a', $1)`,
    params: [randomUUID(), id],
  }),
};

/** Tables of the installation: they have no policy for projects at all. */
const OF_NO_PROJECT: Readonly<Record<string, () => { sql: string; params: SqlValue[] }>> = {
  operator_tokens: () => ({
    sql: `insert into operator_tokens (id, name, token_hash, prefix, last4) values ($1, 'n', $2, 'bw_adm_', '0000')`,
    params: [randomUUID(), randomBytes(32)],
  }),
  tool_call_intents: () => ({
    sql: `insert into tool_call_intents (call_id, started_at, deadline_at, method, revision, transport, request_bytes)
          values ($1, now(), now() + interval '1 hour', 'm', 'r', 'http', 0)`,
    params: [randomUUID()],
  }),
};

const PROJECT_COLUMN: Readonly<Record<string, string>> = { projects: 'id' };

class Undo extends Error {}

/** Runs `fn` as the app role with every grant there is, so that only the policies stand in the way; then undoes everything. */
async function withEveryGrant(
  owned: OwnedDatabase,
  project: string,
  fn: (tx: Queryable) => Promise<void>,
): Promise<void> {
  await owned
    .asOwner(async (connection) => {
      await connection.query('begin');
      await connection.query('grant all on all tables in schema public to bw_app');
      await connection.query(
        `select set_config('role', 'bw_app', true), set_config('app.project_id', $1, true)`,
        [project],
      );
      await fn(connection);
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
}

async function stateOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (error: unknown) => sqlState(error) ?? String(error),
  );
}

function describeIsolation(parts: () => Parts): void {
  describe('row-level security', () => {
    it('is forced on every table with project data, and the cases below cover each of them', async () => {
      const { owned } = parts();
      const { rows } = await owned.query<{ name: string; forced: boolean }>(
        `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
            and c.relname <> 'schema_migrations'`,
      );
      expect(rows.map((row) => row.name).sort()).toEqual(
        [...Object.keys(ROWS), ...Object.keys(OF_NO_PROJECT)].sort(),
      );
      expect(rows.every(({ forced }) => forced)).toBe(true);
    });

    for (const [table, newRow] of Object.entries(ROWS)) {
      const column = PROJECT_COLUMN[table] ?? 'project_id';

      it(`shows a project only its own rows of ${table}, even with every grant`, async () => {
        const { owned, own } = parts();
        await withEveryGrant(owned, own, async (tx) => {
          const { rows } = await tx.query<{ project: string }>(`select ${column} as project from ${table}`);
          expect(rows.length).toBeGreaterThan(0);
          expect(new Set(rows.map(({ project }) => project))).toEqual(new Set([own]));
        });
      });

      it(`shows nothing of ${table} without a project`, async () => {
        await withEveryGrant(parts().owned, '', async (tx) => {
          expect((await tx.query(`select 1 from ${table}`)).rowCount).toBe(0);
          expect((await tx.query(`delete from ${table}`)).rowCount).toBe(0);
        });
      });

      it(`changes and deletes nothing of another project in ${table}`, async () => {
        const { owned, own, foreign } = parts();
        await withEveryGrant(owned, own, async (tx) => {
          const { rowCount } = await tx.query(
            `update ${table} set ${column} = ${column} where ${column} = $1`,
            [foreign],
          );
          expect(rowCount).toBe(0);
          expect((await tx.query(`delete from ${table} where ${column} = $1`, [foreign])).rowCount).toBe(0);
        });
      });

      it(`does not let a project give a row of ${table} away`, async () => {
        const { owned, own } = parts();
        await withEveryGrant(owned, own, async (tx) => {
          // A UUID of no project: the policy must refuse before any key could.
          expect(await stateOf(tx.query(`update ${table} set ${column} = $1`, [randomUUID()]))).toBe('42501');
        });
      });

      it(`refuses a row of another project and of no project in ${table}`, async () => {
        const { owned, own, foreign } = parts();
        for (const [as, row] of [
          [own, foreign],
          ['', own],
          [own, randomUUID()],
        ] as const) {
          const { sql, params } = newRow(row);
          await withEveryGrant(owned, as, async (tx) => {
            expect(await stateOf(tx.query(sql, params))).toBe('42501');
          });
        }
      });

      it(`gives the login role nothing of ${table}`, async () => {
        const { storage, own } = parts();
        const { sql, params } = newRow(own);
        expect(await stateOf(storage.database.query(`select 1 from ${table}`))).toBe('42501');
        expect(await stateOf(storage.database.query(sql, params))).toBe('42501');
      });
    }

    for (const [table, newRow] of Object.entries(OF_NO_PROJECT)) {
      it(`gives no project anything of ${table}, even with every grant`, async () => {
        const { owned, storage, own } = parts();
        await withEveryGrant(owned, own, async (tx) => {
          expect((await tx.query(`select 1 from ${table}`)).rowCount).toBe(0);
          expect((await tx.query(`delete from ${table}`)).rowCount).toBe(0);
          const { sql, params } = newRow();
          expect(await stateOf(tx.query(sql, params))).toBe('42501');
        });
        expect(await stateOf(storage.database.query(`select 1 from ${table}`))).toBe('42501');
        expect(
          await stateOf(storage.database.asProject(own, (tx) => tx.query(`select 1 from ${table}`))),
        ).toBe('42501');
      });
    }

    it('gives the partitions of the audit log to nobody', async () => {
      const { storage, own } = parts();
      const { rows } = await storage.database.query<{ name: string }>(
        `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'tool_calls'::regclass`,
      );
      expect(rows.length).toBeGreaterThanOrEqual(5);
      for (const { name } of rows) {
        expect(
          await stateOf(storage.database.asProject(own, (tx) => tx.query(`select 1 from ${name}`))),
        ).toBe('42501');
        expect(await stateOf(storage.database.asSystem((tx) => tx.query(`delete from ${name}`)))).toBe(
          '42501',
        );
      }
    });
  });

  describe('the audit log', () => {
    it.each([
      `update tool_calls set status = 'error'`,
      'delete from tool_calls',
      'truncate tool_calls',
      `update admin_events set action = 'x'`,
      'delete from admin_events',
      'truncate admin_events',
      // A digest that is replaced would be another token under an old name.
      'update operator_tokens set token_hash = token_hash',
    ])('is append-only for the project and for the system: %s', async (sql) => {
      const { storage, own } = parts();
      expect(await stateOf(storage.database.asProject(own, (tx) => tx.query(sql)))).toBe('42501');
      expect(await stateOf(storage.database.asSystem((tx) => tx.query(sql)))).toBe('42501');
    });
  });
}

function describeTransactions(parts: () => Parts): void {
  describe('a transaction', () => {
    it('is rolled back when its function rejects, and the next one works', async () => {
      const { storage } = parts();
      const name = `rolled back ${randomUUID()}`;
      const failed = storage.database.asSystem(async (tx) => {
        await tx.query('insert into projects (id, name) values ($1, $2)', [randomUUID(), name]);
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      expect(await storage.projects.get(name, 'name')).toBeUndefined();
    });

    it('is not reported as committed when a statement in it had failed', async () => {
      const { storage } = parts();
      const swallowed = storage.database.asSystem(async (tx) => {
        await tx.query('select 1/0').catch(() => undefined);
      });
      await expect(swallowed).rejects.toThrow('rolled back');
    });

    it('leaves neither role nor project behind', async () => {
      const { storage, own } = parts();
      await storage.database.asProject(own, (tx) => tx.query('select 1'));
      const { rows } = await storage.database.query(
        `select current_user::text as role, coalesce(current_setting('app.project_id', true), '') as project`,
      );
      expect(rows).toEqual([{ role: 'bw_login', project: '' }]);
    });

    it('cannot be used after it is over', async () => {
      const { storage, own } = parts();
      const leaked = await storage.database.asProject(own, (tx) => Promise.resolve({ tx }));
      await expect(leaked.tx.query('select 1')).rejects.toMatchObject({ problem: 'transaction_over' });
    });

    it('keeps its project while others run', async () => {
      const { storage, own, foreign } = parts();
      const seen = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const project = index % 2 === 0 ? own : foreign;
          return storage.database.asProject(project, async (tx) => {
            await tx.query('select 1');
            const { rows } = await tx.query<{ id: string }>('select id from projects');
            return rows.map(({ id }) => id).join() === project;
          });
        }),
      );
      expect(seen.every(Boolean)).toBe(true);
    });

    it.each([`'; drop table projects; --`, '', 'x', '00000000-0000-0000-0000-00000000000g'])(
      'is refused for a project id that is no UUID: %s',
      async (id) => {
        await expect(parts().storage.database.asProject(id, () => Promise.resolve())).rejects.toMatchObject({
          problem: 'not_a_project_id',
        });
      },
    );
  });
}

function describeClimbing(parts: () => Parts): void {
  describe('a transaction of a project', () => {
    it('cannot climb back to the owner', async () => {
      const { storage, own } = parts();
      for (const sql of [
        'set role bw_owner',
        'create table t (a int)',
        'alter table tool_calls no force row level security',
      ]) {
        expect(await stateOf(storage.database.asProject(own, (tx) => tx.query(sql)))).toBe('42501');
      }
    });
  });
}

function describeSelfCheck(parts: () => Parts): void {
  describe('the isolation check', () => {
    it('passes on an untouched database and leaves nothing in it', async () => {
      const { owned, storage } = parts();
      const before = (await storage.projects.list()).length;
      await checkIsolation(owned);
      expect((await storage.projects.list()).length).toBe(before);
    });

    const OF_PROJECT = `to bw_app using (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid))`;
    it.each([
      [
        'row-level security is off',
        'alter table tokens disable row level security',
        'alter table tokens enable row level security',
      ],
      [
        'it is not forced',
        'alter table tool_calls no force row level security',
        'alter table tool_calls force row level security',
      ],
      [
        'a policy is gone',
        'drop policy of_project on tool_calls',
        `create policy of_project on tool_calls ${OF_PROJECT}`,
      ],
      [
        'a policy lets everything through',
        'create policy oops on tokens to bw_app using (true)',
        'drop policy oops on tokens',
      ],
      [
        'a policy lets rows without a project through',
        'create policy oops on tool_calls to bw_app using (true) with check (project_id is null)',
        'drop policy oops on tool_calls',
      ],
      [
        'the app role may rewrite the audit log',
        'grant update on tool_calls to bw_app',
        'revoke update on tool_calls from bw_app',
      ],
      [
        'the app role may delete from it',
        'grant delete on tool_calls to bw_app',
        'revoke delete on tool_calls from bw_app',
      ],
      [
        'the app role may truncate it',
        'grant truncate on tool_calls to bw_app',
        'revoke truncate on tool_calls from bw_app',
      ],
      [
        'the app role may make tokens',
        'grant insert on tokens to bw_app',
        'revoke insert on tokens from bw_app',
      ],
      [
        'the app role may read digests',
        'grant select on tokens to bw_app',
        'revoke select on tokens from bw_app',
      ],
      ['the app role may become the system', 'grant bw_system to bw_app', 'revoke bw_system from bw_app'],
      ['a view does not ask for whom it reads', 'create view oops as select * from tokens', 'drop view oops'],
      ['a new table has no policy', 'create table oops (project_id uuid)', 'drop table oops'],
    ])('refuses the start when %s', async (_what, breakIt, mendIt) => {
      const { owned } = parts();
      await owned.asOwner((connection) => connection.query(breakIt));
      try {
        await expect(checkIsolation(owned)).rejects.toMatchObject({ problem: 'isolation' });
      } finally {
        await owned.asOwner((connection) => connection.query(mendIt));
      }
      // A revoke on the table takes the column grants with it.
      if (mendIt.startsWith('revoke select')) {
        await owned.asOwner((connection) =>
          connection.query(
            'grant select (id, project_id, name, prefix, last4, scopes, tool_allow_list, created_at, expires_at, revoked_at, last_used_at) on tokens to bw_app',
          ),
        );
      }
      await checkIsolation(owned);
    });
  });
}

function describeMigrations(parts: () => Parts): void {
  describe('migrations', () => {
    it('are applied once', async () => {
      expect(await parts().owned.asOwner((connection) => migrate(connection, readMigrations()))).toEqual([]);
    });

    it('are refused when one was changed after it was applied', async () => {
      const changed = readMigrations().map((migration) => ({ ...migration, checksum: '0'.repeat(64) }));
      await expect(parts().owned.asOwner((connection) => migrate(connection, changed))).rejects.toMatchObject(
        {
          problem: 'migration',
          message: expect.stringContaining('differs'),
        },
      );
    });

    it('are refused when the database is newer than this release', async () => {
      await expect(parts().owned.asOwner((connection) => migrate(connection, []))).rejects.toMatchObject({
        message: expect.stringContaining('newer'),
      });
    });

    it('leave nothing of a step that fails', async () => {
      const { owned } = parts();
      const version = readMigrations().length + 1;
      const broken = {
        version,
        name: 'broken',
        sql: 'create table half (a int); select 1/0',
        checksum: 'x',
      };
      await expect(
        owned.asOwner((connection) => migrate(connection, [...readMigrations(), broken])),
      ).rejects.toMatchObject({
        message: expect.stringContaining(`Migration ${String(version)} (broken) failed`),
      });
      const { rows } = await owned.asOwner((connection) =>
        connection.query(
          `select to_regclass('half') as half,
                  (select count(*)::int from schema_migrations where version = ${String(version)}) as recorded`,
        ),
      );
      expect(rows).toEqual([{ half: null, recorded: 0 }]);
    });
  });
}
