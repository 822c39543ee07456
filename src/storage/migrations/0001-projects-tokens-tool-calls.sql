-- Roles are of the whole server, not of one database, so another database may have made them already.
--   bw_owner   owns the tables; nobody works as it, and FORCE binds even it to the policies.
--   bw_login   what a connection is between transactions: it inherits nothing and reads no table.
--   bw_app     one project at a time, named by app.project_id.
--   bw_system  the gateway itself, across projects.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['bw_owner', 'bw_login', 'bw_app', 'bw_system'] loop
    begin
      execute format('create role %I nologin noinherit', role_name);
    exception when duplicate_object then
      null;
    end;
  end loop;
end
$$;

-- The connecting user needs not be a superuser; it must be able to become these.
-- Where another database of the server has made them, the grants may be there
-- already and not be this user's to give.
do $$
declare
  statement text;
begin
  foreach statement in array array[
    'grant bw_app to bw_login', 'grant bw_system to bw_login', 'grant bw_owner to current_user',
    'grant bw_login to current_user', 'grant bw_app to current_user', 'grant bw_system to current_user'
  ] loop
    begin
      execute statement;
    exception when insufficient_privilege then
      null;
    end;
  end loop;
end
$$;

-- The owner makes the partitions of the months to come.
grant usage, create on schema public to bw_owner;
grant usage on schema public to bw_login, bw_app, bw_system;

set local role bw_owner;

create table projects (
  id uuid primary key,
  name text not null unique check (name <> '' and length(name) <= 200),
  created_at timestamptz not null default now(),
  archived_at timestamptz
);

create table tokens (
  id uuid primary key,
  project_id uuid not null references projects (id),
  name text not null check (name <> '' and length(name) <= 200),
  token_hash bytea not null unique check (length(token_hash) = 32),
  prefix text not null,
  last4 text not null check (length(last4) = 4),
  scopes text[] not null,
  tool_allow_list text[],
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  -- What later tables refer to: a plain reference to id would let one project point at a row of another.
  unique (project_id, id)
);

-- One row per call. There is no foreign key: a record must be accepted whatever
-- has happened to its project or token since, and inserting must stay cheap.
-- The columns of the key are fixed when the call starts, so that a record that
-- is replayed after a crash meets itself.
create table tool_calls (
  started_at timestamptz not null,
  call_id uuid not null,
  -- Null: the token was unknown. Such rows belong to no project.
  project_id uuid,
  token_id uuid,
  method text not null,
  subject text,
  upstream text,
  remote_name text,
  revision text not null,
  transport text not null,
  status text not null check (status in ('success', 'error', 'timeout', 'auth_failure')),
  code text,
  outcome text not null check (
    outcome in ('ok', 'tool_error', 'protocol_error', 'refused', 'failed', 'cancelled', 'abandoned')
  ),
  commit_state text,
  request_bytes bigint not null check (request_bytes >= 0),
  response_bytes bigint not null check (response_bytes >= 0),
  -- Keyed, so that nobody can try out likely arguments against it.
  arguments_hash bytea,
  duration_ms double precision not null check (duration_ms >= 0),
  trace_id text,
  -- Both the identity of a row and the order in which a project reads them, because
  -- a second index would be a third of the cost of a row. Calls of nobody's
  -- project are told apart like those of any other.
  unique nulls not distinct (project_id, started_at, call_id)
) partition by range (started_at);

-- For operators, who look across projects by time; it costs next to nothing per row.
create index tool_calls_time on tool_calls using brin (started_at);

alter table projects enable row level security;
alter table projects force row level security;
alter table tokens enable row level security;
alter table tokens force row level security;
alter table tool_calls enable row level security;
alter table tool_calls force row level security;

-- The sub-select is evaluated once per statement. Outside of a transaction that
-- has named a project the setting is '' and not null, hence nullif.
create policy of_project on projects to bw_app
  using (id = (select nullif(current_setting('app.project_id', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.project_id', true), '')::uuid));
create policy of_project on tokens to bw_app
  using (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid))
  with check (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid));
create policy of_project on tool_calls to bw_app
  using (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid))
  with check (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid));

create policy of_system on projects to bw_system using (true) with check (true);
create policy of_system on tokens to bw_system using (true) with check (true);
create policy of_system on tool_calls to bw_system using (true) with check (true);

-- A tool handler works as bw_app: it may read its project, and must not be able
-- to make itself a token. The digest of a token is nobody's business but authenticate's.
grant select on projects to bw_app;
grant select (id, project_id, name, prefix, last4, scopes, tool_allow_list, created_at, expires_at, revoked_at, last_used_at)
  on tokens to bw_app;
grant select, insert on tool_calls to bw_app;

grant select, insert, update on projects to bw_system;
grant select, insert, update on tokens to bw_system;
-- The audit log is append-only for the gateway as well; retention drops partitions.
grant select, insert on tool_calls to bw_system;

-- Makes the partitions of the current month and of `months` months after it.
-- A month that already has rows in the default partition stays there: moving
-- them would need rights that nobody at run time has.
create function create_tool_call_partitions(months integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  month_start timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
  month_end timestamptz;
  partition_name text;
  created integer := 0;
begin
  for i in 0..least(greatest(months, 0), 24) loop
    month_end := (month_start at time zone 'UTC' + interval '1 month') at time zone 'UTC';
    partition_name := 'tool_calls_' || to_char(month_start at time zone 'UTC', 'YYYY_MM');
    if to_regclass('public.' || partition_name) is null then
      begin
        execute format('create table public.%I partition of public.tool_calls for values from (%L) to (%L)',
          partition_name, month_start, month_end);
        -- Policies hold for access through the parent; a partition itself shows nothing to anybody.
        execute format('alter table public.%I enable row level security', partition_name);
        execute format('alter table public.%I force row level security', partition_name);
        created := created + 1;
      exception when check_violation or duplicate_table then
        null;
      end;
    end if;
    month_start := month_end;
  end loop;
  return created;
end
$$;
revoke all on function create_tool_call_partitions(integer) from public;
grant execute on function create_tool_call_partitions(integer) to bw_system;

create table tool_calls_default partition of tool_calls default;
alter table tool_calls_default enable row level security;
alter table tool_calls_default force row level security;

-- Tells every replica that a token is not what its cache believes. The payload
-- is the token, or '' when anything may have changed.
create function notify_token_change() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_notify('bw_tokens', case when tg_level = 'ROW' and tg_table_name = 'tokens' then old.id::text else '' end);
  return null;
end
$$;
create trigger token_changed after update of project_id, token_hash, scopes, tool_allow_list, expires_at, revoked_at
  on tokens for each row execute function notify_token_change();
create trigger token_deleted after delete on tokens for each row execute function notify_token_change();
create trigger tokens_truncated after truncate on tokens for each statement execute function notify_token_change();
create trigger project_changed after update of archived_at on projects
  for each row execute function notify_token_change();

-- What the login role may ask before a project is known: one row for one digest.
-- A token of an archived project counts as revoked.
create function authenticate(presented_hash bytea)
returns table (
  token_id uuid, project_id uuid, scopes text[], tool_allow_list text[],
  expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
)
language sql stable security definer set search_path = public, pg_temp as $$
  select t.id, t.project_id, t.scopes, t.tool_allow_list,
         t.expires_at, coalesce(t.revoked_at, p.archived_at), t.last_used_at
  from public.tokens t join public.projects p on p.id = t.project_id
  where t.token_hash = presented_hash
$$;
revoke all on function authenticate(bytea) from public;
grant execute on function authenticate(bytea) to bw_login;

reset role;

-- The function works with the rights of bw_system, not of the owner: under
-- FORCE the owner itself sees no row.
grant create on schema public to bw_system;
alter function authenticate(bytea) owner to bw_system;
revoke create on schema public from bw_system;

set local role bw_system;
select create_tool_call_partitions(3);
reset role;
