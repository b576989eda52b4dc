-- Up Migration

create type audit_actor as enum ('user', 'visitor', 'system', 'unknown');

-- Who did what to what, and from where. Entries of website 0 are the installation's own: its migrations, and sign-ins of
-- accounts that belong to no website.
create table audit_log (
  website_id integer not null, -- no foreign key: an entry outlives its website
  id uuid not null, -- a UUIDv7: entries are ordered by it
  at timestamptz(3) not null, -- the time in the id
  actor_kind audit_actor not null,
  actor_id uuid, -- the user or visitor
  actor_name text not null, -- the user's name at that time; a visitor's is not kept
  action text not null,
  target_kind text,
  target_id text,
  target_name text, -- the name at that time
  details jsonb not null default '{}',
  ip text, -- as the proxy gives it, so it may be no address
  user_agent text,
  primary key (website_id, id) -- serves the page of the audit log, newest first
);

-- Serves the page that is filtered by a person.
create index audit_log_by_actor on audit_log (website_id, actor_id, id);

-- Serves the page that is filtered by an action.
create index audit_log_by_action on audit_log (website_id, action, id);

-- Serves "prochat audit", which reads all websites by time, and the end of an entry's time.
create index audit_log_by_id on audit_log (id);

-- A trigger and not a privilege: the server is the owner of its tables, often a superuser, and privileges bind neither.
create function refuse_audit_change() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('prochat.audit_maintenance', true) = 'expire' then
    return null;
  end if;
  raise exception 'audit_log is append-only: % is refused', lower(tg_op)
    using errcode = 'insufficient_privilege', hint = 'Old entries are deleted by expire_audit_entries().';
end $$;

create trigger audit_log_is_append_only
  before update or delete or truncate on audit_log
  for each statement execute function refuse_audit_change();

-- The one way to delete entries. It keeps those of the last 30 days, whatever it is asked for.
create function expire_audit_entries(older_than timestamptz) returns integer
language plpgsql as $$
declare
  expired integer;
begin
  perform set_config('prochat.audit_maintenance', 'expire', true);
  delete from audit_log where id < uuid_floor(least(older_than, now() - interval '30 days'));
  get diagnostics expired = row_count;
  perform set_config('prochat.audit_maintenance', '', true);
  return expired;
end $$;

-- Down Migration

drop table audit_log;
drop function expire_audit_entries, refuse_audit_change;
drop type audit_actor;
