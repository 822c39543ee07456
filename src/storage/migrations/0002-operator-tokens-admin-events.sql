set local role bw_owner;

-- Tokens of the people who run the installation. They stand in a table of their
-- own because every policy of `tokens` rests on a project that is never null;
-- here there is no policy for the app role at all.
create table operator_tokens (
  id uuid primary key,
  name text not null check (name <> '' and length(name) <= 200),
  token_hash bytea not null unique check (length(token_hash) = 32),
  prefix text not null,
  last4 text not null check (length(last4) = 4),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

-- Who changed what. There is no foreign key, as in tool_calls: the record
-- outlives what it is about. Ids sort by time.
create table admin_events (
  id uuid primary key,
  at timestamptz not null default now(),
  -- Null: the change concerns the installation and no project.
  project_id uuid,
  actor_kind text not null check (actor_kind in ('operator', 'project', 'gateway')),
  -- Null: the gateway itself.
  actor_token_id uuid,
  action text not null,
  subject_id uuid not null,
  request_id uuid,
  -- Names and scopes, never a token or its digest.
  details jsonb not null default '{}',
  check ((actor_kind = 'gateway') = (actor_token_id is null))
);
create index admin_events_of_project on admin_events (project_id, id);

alter table operator_tokens enable row level security;
alter table operator_tokens force row level security;
alter table admin_events enable row level security;
alter table admin_events force row level security;

create policy of_project on admin_events to bw_app
  using (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid))
  with check (project_id = (select nullif(current_setting('app.project_id', true), '')::uuid));
create policy of_system on admin_events to bw_system using (true) with check (true);
create policy of_system on operator_tokens to bw_system using (true) with check (true);

grant select on admin_events to bw_app;
-- Append-only for the gateway as well, and a digest is never replaced by another.
grant select, insert on admin_events to bw_system;
grant select, insert, update (revoked_at, last_used_at) on operator_tokens to bw_system;

reset role;
