set local role bw_owner;

-- Calls that were announced and have no row in tool_calls yet, for the
-- durability "database": one is committed here before anything leaves the
-- gateway, and deleted when its row is there. Small and short-lived, hence not
-- partitioned. Projects have no business with it, so there is no policy for them.
create table tool_call_intents (
  call_id uuid primary key,
  started_at timestamptz not null,
  deadline_at timestamptz not null,
  project_id uuid,
  token_id uuid,
  method text not null,
  subject text,
  upstream text,
  remote_name text,
  revision text not null,
  transport text not null,
  request_bytes bigint not null check (request_bytes >= 0),
  arguments_hash bytea,
  trace_id text
);
-- For the reaper, which looks for what is overdue.
create index tool_call_intents_deadline on tool_call_intents (deadline_at);

alter table tool_call_intents enable row level security;
alter table tool_call_intents force row level security;
create policy of_system on tool_call_intents to bw_system using (true) with check (true);
grant select, insert, delete on tool_call_intents to bw_system;

reset role;
