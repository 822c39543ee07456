/** Calls and their audit while the database is away, and after it has come back. */
import { afterAll, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { EMBEDDED_STATEMENT_MS_MAX } from '../../src/platform/limits.ts';
import { TestClock } from '../../src/testing/index.ts';
import { startPostgres } from '../contract/postgres-server.ts';
import {
  callTool,
  inProcessGateway,
  type InProcessGateway,
  type TestProject,
} from '../support/in-process-gateway.ts';
import {
  answerPreliminaries,
  answerResult,
  createCleanup,
  gatewayConfig,
  rawUpstream,
} from '../support/index.ts';

vi.setConfig({ testTimeout: 60_000 });

const cleanup = createCleanup();
afterAll(cleanup.run);

interface Rig<C extends Clock> {
  readonly running: InProcessGateway<C>;
  readonly project: TestProject;
  /** Calls the tool once; the code of the refusal, or `ok`. */
  readonly call: () => Promise<string>;
  readonly executed: () => number;
  /** Rows by what they say, as they are in the database now. */
  readonly rows: () => Promise<Record<string, number>>;
}

async function rig<C extends Clock>(options: {
  clock: C;
  env?: NodeJS.ProcessEnv;
  journal?: { bytesMax: number; segmentBytes: number };
  durability?: 'database';
}): Promise<Rig<C>> {
  const upstream = cleanup.add(
    await rawUpstream((hit, answer) => {
      if (!answerPreliminaries(hit, answer))
        answerResult(hit, answer, { resultType: 'complete', content: [{ type: 'text', text: 'done' }] });
    }),
    (thing) => thing.close(),
  );
  const config = gatewayConfig(
    { up: { url: upstream.url } },
    {
      limits: { rate: { calls: 100_000 } },
      ...(options.durability === undefined ? {} : { audit: { durability: options.durability } }),
    },
  );
  const running = cleanup.add(await inProcessGateway({ ...options, config }), (thing) => thing.close());
  const project = await running.project();
  return {
    running,
    project,
    async call() {
      const called = await callTool(running.gateway.url, { token: project.token, name: 'up__act' });
      return called.isError ? called.error().code : 'ok';
    },
    executed: () => upstream.hits.entries.filter((hit) => hit.message?.method === 'tools/call').length,
    async rows() {
      const { rows } = await running.gateway.storage.database.asSystem((tx) =>
        tx.query<{ what: string; count: number }>(
          `select coalesce(code, status) as what, count(*)::int as count from tool_calls where project_id = $1 group by 1`,
          [project.projectId],
        ),
      );
      return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
    },
  };
}

it('goes on up to the bound of the journal, then refuses what it cannot record, and has every row when the server is back', async () => {
  const server = cleanup.add(startPostgres(), (thing) => thing.remove());
  const env = { DATABASE_URL: await server.createDatabase('superuser') };
  const { running, call, executed, rows } = await rig({
    clock: systemClock,
    env,
    journal: { bytesMax: 24_000, segmentBytes: 4_000 },
  });
  expect(await call()).toBe('ok');
  await running.gateway.flushAudit();
  expect(await rows()).toEqual({ success: 1 });

  server.stop('immediate');
  const answers: string[] = [];
  for (let index = 0; index < 60; index += 1) answers.push(await call());
  const made = answers.indexOf('audit_unavailable');
  expect(made).toBeGreaterThan(10);
  expect(answers).toEqual([
    ...Array.from({ length: made }, () => 'ok'),
    ...Array.from({ length: 60 - made }, () => 'audit_unavailable'),
  ]);
  expect(executed()).toBe(1 + made);
  await expect(running.gateway.flushAudit()).rejects.toThrow();

  server.start();
  // By itself: the flusher tries again with growing pauses, at most ten seconds.
  await expect
    .poll(rows, { timeout: 30_000, interval: 200 })
    .toEqual({ success: 1 + made, audit_unavailable: 60 - made });
  expect(await call()).toBe('ok');
  await running.gateway.flushAudit();
  expect(await rows()).toEqual({ success: 2 + made, audit_unavailable: 60 - made });
});

it('goes on while a statement spins in the embedded engine, and has every row when the engine was replaced', async () => {
  const clock = new TestClock();
  const { running, call, executed, rows } = await rig({ clock });
  expect(await call()).toBe('ok');
  await running.gateway.flushAudit();

  const stuck = running.gateway.storage.database.query('do $$ begin loop perform 1; end loop; end $$');
  const ended = stuck.then(
    () => 'answered',
    () => 'ended',
  );
  for (let index = 0; index < 10; index += 1) expect(await call()).toBe('ok');
  expect(executed()).toBe(11);

  clock.advance(EMBEDDED_STATEMENT_MS_MAX);
  expect(await ended).toBe('ended');
  // The token must be looked up again by now; opening the engine takes a second, and more on a busy machine.
  await expect.poll(call, { timeout: 30_000 }).toBe('ok');
  await running.gateway.flushAudit();
  expect(await rows()).toEqual({ success: 12 });
  expect(running.log.some((line) => line.includes('embedded_database_stuck'))).toBe(true);
});

it('makes no call in the mode "database" while the server is away, and records what it refused', async () => {
  const server = cleanup.add(startPostgres(), (thing) => thing.remove());
  const env = { DATABASE_URL: await server.createDatabase('superuser') };
  const { running, call, executed, rows } = await rig({ clock: systemClock, env, durability: 'database' });
  const openIntents = async (): Promise<number> => {
    const { rows: found } = await running.gateway.storage.database.asSystem((tx) =>
      tx.query<{ count: number }>('select count(*)::int as count from tool_call_intents'),
    );
    return found[0]?.count ?? -1;
  };
  expect(await Promise.all(Array.from({ length: 8 }, call))).toEqual(Array.from({ length: 8 }, () => 'ok'));
  await running.gateway.flushAudit();
  expect(await rows()).toEqual({ success: 8 });
  expect(await openIntents()).toBe(0);

  server.stop('immediate');
  const refused = [];
  for (let index = 0; index < 5; index += 1) refused.push(await call());
  expect(refused).toEqual(Array.from({ length: 5 }, () => 'audit_unavailable'));
  expect(executed()).toBe(8);

  server.start();
  await expect.poll(call, { timeout: 10_000 }).toBe('ok');
  await expect
    .poll(async () => (await rows())['audit_unavailable'], { timeout: 30_000 })
    .toBeGreaterThanOrEqual(5);
  await running.gateway.flushAudit();
  expect((await rows())['success']).toBe(executed());
  expect(await openIntents()).toBe(0);
});
