import { randomBytes, randomUUID } from 'node:crypto';
import type { OwnedDatabase, Queryable, SqlValue } from './database.ts';
import { StorageError, sqlState } from './errors.ts';

/** One attempt of the app role, and how much of it may succeed. */
interface Probe {
  readonly what: string;
  readonly sql: string;
  readonly params?: readonly SqlValue[];
  /** Rows that a correct database returns or changes; a refusal counts as none. */
  readonly rows: 0 | 1;
  /** The statement reports no rows: that it ran at all counts as one. */
  readonly isCommand?: true;
}

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Proves at start that projects are kept apart: writes two projects in a
 * transaction that is rolled back, and tries as the app role to read, insert
 * and change across them, without a project, and to rewrite the audit log.
 * Rejects with `isolation` when anything succeeds that must not, or when a
 * project does not even see its own rows: then the proof would prove nothing.
 */
export async function checkIsolation(database: OwnedDatabase): Promise<void> {
  const problems = [...(await catalogProblems(database)), ...(await probeProblems(database))];
  if (problems.length === 0) return;
  throw new StorageError(
    'isolation',
    `The database does not keep projects apart, so the gateway does not start: ${problems.join('; ')}. ` +
      'Restore the row-level security policies and grants of the migrations.',
  );
}

/** What the catalog says: every table with project data has forced policies, and no role stands above them. */
async function catalogProblems(database: OwnedDatabase): Promise<string[]> {
  const { rows } = await database.query<{ problem: string }>(`
    select format('table %s has no forced row-level security', c.relname) as problem
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p')
       and not (c.relrowsecurity and c.relforcerowsecurity)
       and (c.relname in ('projects', 'operator_tokens') or exists (
         select from pg_attribute a where a.attrelid = c.oid and a.attname = 'project_id' and not a.attisdropped))
    union all
    select format('role %s bypasses row-level security', rolname) from pg_roles
     where rolname in ('bw_login', 'bw_app', 'bw_system', current_user) and (rolsuper or rolbypassrls)
    union all
    select format('role %s can become the owner of the tables', r.rolname) from pg_roles r
     where r.rolname in ('bw_login', 'bw_app', 'bw_system') and pg_has_role(r.rolname, 'bw_owner', 'member')
    union all
    select 'role bw_app can become bw_system' where pg_has_role('bw_app', 'bw_system', 'member')
    union all
    select format('view %s is not security_invoker', c.relname)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'v'
       and not coalesce(array_to_string(c.reloptions, ',') like '%security_invoker=true%', false)`);
  return rows.map(({ problem }) => problem);
}

class RolledBack extends Error {}

async function probeProblems(database: OwnedDatabase): Promise<string[]> {
  const own = randomUUID();
  const foreign = randomUUID();
  const problems: string[] = [];
  try {
    await database.asSystem(async (tx) => {
      for (const project of [own, foreign]) await writeFixture(tx, project);
      await tx.query(`select set_config('role', 'bw_app', true), set_config('app.project_id', $1, true)`, [
        own,
      ]);
      for (const probe of probesWithProject(own, foreign)) await runProbe(tx, probe, problems);
      await tx.query(`select set_config('app.project_id', '', true)`);
      for (const probe of probesWithoutProject(own)) await runProbe(tx, probe, problems);
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  return problems;
}

async function runProbe(tx: Queryable, probe: Probe, problems: string[]): Promise<void> {
  await tx.query('savepoint probe');
  let rows = 0;
  try {
    const { rowCount } = await tx.query(probe.sql, probe.params);
    rows = probe.isCommand ? 1 : rowCount;
  } catch (error) {
    // Only a refusal is an answer. A syntax error or a lost connection must not pass for a closed door.
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error;
  }
  await tx.query('rollback to savepoint probe');
  if (rows !== probe.rows)
    problems.push(probe.rows === 0 ? `the app role could ${probe.what}` : `a project cannot ${probe.what}`);
}

const INSERT_CALL = `
  insert into tool_calls (started_at, call_id, project_id, method, revision, transport, status, outcome,
    request_bytes, response_bytes, duration_ms)
  values (now(), $1, $2, 'tools/call', 'self-check', 'http', 'success', 'ok', 0, 0, 0)`;
const INSERT_TOKEN = `
  insert into tokens (id, project_id, name, token_hash, prefix, last4, scopes)
  values ($1, $2, 'self-check', $3, 'bw_live_', '0000', '{}')`;
const INSERT_EVENT = `
  insert into admin_events (id, project_id, actor_kind, action, subject_id)
  values ($1, $2, 'gateway', 'self-check', $2)`;
const INSERT_OPERATOR_TOKEN = `
  insert into operator_tokens (id, name, token_hash, prefix, last4)
  values ($1, 'self-check', $2, 'bw_adm_', '0000')`;

async function writeFixture(tx: Queryable, project: string): Promise<void> {
  await tx.query('insert into projects (id, name) values ($1, $2)', [project, `self-check ${project}`]);
  await tx.query(INSERT_TOKEN, [randomUUID(), project, randomBytes(32)]);
  await tx.query(INSERT_CALL, [randomUUID(), project]);
  await tx.query(INSERT_EVENT, [randomUUID(), project]);
  await tx.query(INSERT_OPERATOR_TOKEN, [randomUUID(), randomBytes(32)]);
}

function probesWithProject(own: string, foreign: string): readonly Probe[] {
  return [
    { what: 'read its own project', sql: 'select id from projects where id = $1', params: [own], rows: 1 },
    {
      what: 'read its own tokens',
      sql: 'select id from tokens where project_id = $1',
      params: [own],
      rows: 1,
    },
    {
      what: 'read its own calls',
      sql: 'select call_id from tool_calls where project_id = $1',
      params: [own],
      rows: 1,
    },
    { what: 'record a call of its own', sql: INSERT_CALL, params: [randomUUID(), own], rows: 1 },
    { what: 'read another project', sql: 'select id from projects where id <> $1', params: [own], rows: 0 },
    {
      what: 'read tokens of another project',
      sql: 'select id from tokens where project_id <> $1',
      params: [own],
      rows: 0,
    },
    { what: 'read token digests', sql: 'select token_hash from tokens', rows: 0 },
    {
      what: 'read calls of another project',
      sql: 'select call_id from tool_calls where project_id is distinct from $1',
      params: [own],
      rows: 0,
    },
    { what: 'record a call of another project', sql: INSERT_CALL, params: [randomUUID(), foreign], rows: 0 },
    { what: 'record a call of no project', sql: INSERT_CALL, params: [randomUUID(), null], rows: 0 },
    {
      what: 'make a token for another project',
      sql: INSERT_TOKEN,
      params: [randomUUID(), foreign, randomBytes(32)],
      rows: 0,
    },
    { what: 'make a token', sql: INSERT_TOKEN, params: [randomUUID(), own, randomBytes(32)], rows: 0 },
    { what: 'change tokens', sql: 'update tokens set revoked_at = null', rows: 0 },
    {
      what: 'change projects',
      sql: `update projects set name = 'x' where id = $1`,
      params: [foreign],
      rows: 0,
    },
    { what: 'change the audit log', sql: `update tool_calls set status = 'success'`, rows: 0 },
    { what: 'delete from the audit log', sql: 'delete from tool_calls', rows: 0 },
    { what: 'delete tokens', sql: 'delete from tokens', rows: 0 },
    { what: 'truncate the audit log', sql: 'truncate tool_calls', rows: 0, isCommand: true },
    ...adminProbes(own),
    {
      what: 'change the tables',
      sql: 'alter table tool_calls disable row level security',
      rows: 0,
      isCommand: true,
    },
  ];
}

/** Of what operators do: its own events may be read, nothing of it may be written. */
function adminProbes(own: string): readonly Probe[] {
  return [
    {
      what: 'read its own admin events',
      sql: 'select id from admin_events where project_id = $1',
      params: [own],
      rows: 1,
    },
    {
      what: 'read admin events of another project',
      sql: 'select id from admin_events where project_id is distinct from $1',
      params: [own],
      rows: 0,
    },
    { what: 'make up an admin event', sql: INSERT_EVENT, params: [randomUUID(), own], rows: 0 },
    { what: 'change admin events', sql: `update admin_events set action = 'x'`, rows: 0 },
    { what: 'delete admin events', sql: 'delete from admin_events', rows: 0 },
    { what: 'read operator tokens', sql: 'select id from operator_tokens', rows: 0 },
    {
      what: 'make an operator token',
      sql: INSERT_OPERATOR_TOKEN,
      params: [randomUUID(), randomBytes(32)],
      rows: 0,
    },
  ];
}

function probesWithoutProject(own: string): readonly Probe[] {
  return [
    { what: 'read projects without naming one', sql: 'select id from projects', rows: 0 },
    { what: 'read tokens without naming a project', sql: 'select id from tokens', rows: 0 },
    { what: 'read admin events without naming a project', sql: 'select id from admin_events', rows: 0 },
    { what: 'read calls without naming a project', sql: 'select call_id from tool_calls', rows: 0 },
    {
      what: 'record a call without naming a project',
      sql: INSERT_CALL,
      params: [randomUUID(), own],
      rows: 0,
    },
  ];
}
