-- Up Migration

create type message_month_state as enum ('live', 'archived', 'exported', 'detached', 'dropped');

-- Where each month of messages is. A month that has left `messages` is never made again: docs/decisions/0014-months.md.
create table message_months (
  month date primary key check (extract(day from month) = 1),
  from_id uuid not null, -- the bounds of its conversations' ids
  until_id uuid not null,
  state message_month_state not null default 'live',
  archived_at timestamptz,
  exported_at timestamptz,
  detached_at timestamptz,
  dropped_at timestamptz,
  conversations bigint, -- counted by the export
  messages bigint,
  export_key text, -- of the manifest in the storage
  is_changed boolean not null default false, -- a message was written after the export began
  next_step text, -- what the last run of the retention found: the state that comes next, and when at the earliest
  next_at timestamptz,
  waits_for jsonb not null default '[]' -- the websites and holds that it waits for
);

-- Receives whole months of messages. Its columns and indexes are those of messages: a migration changes both.
create table messages_archive (
  like messages including defaults including constraints including storage including generated,
  primary key (website_id, conversation_id, seq)
) partition by range (conversation_id);

-- As messages_by_id and messages_changed: a month keeps its indexes when it moves.
create unique index messages_archive_by_id on messages_archive (id, conversation_id, website_id);
create index messages_archive_changed on messages_archive (website_id, conversation_id, changed_version)
  where changed_version is not null;

-- With its bounds as a check PostgreSQL attaches a month without reading it.
-- Allow long lock: a check that is not valid reads no row
do $$
declare
  part record;
begin
  for part in
    select c.oid::regclass as name, month, uuid_floor(month::timestamp at time zone 'UTC') as from_id,
      uuid_floor((month + interval '1 month')::timestamp at time zone 'UTC') as until_id
    from pg_inherits
    join pg_class c on c.oid = inhrelid
    cross join to_date(right(c.relname, 7), 'YYYY_MM') as month
    where inhparent = 'messages'::regclass
  loop
    execute format(
      'alter table %s add constraint month_bounds check (conversation_id >= %L and conversation_id < %L) not valid',
      part.name, part.from_id, part.until_id);
    insert into message_months (month, from_id, until_id) values (part.month, part.from_id, part.until_id);
  end loop;
end $$;

-- As before, and: a month is made with its bounds as a check, and recorded; one that was archived or deleted is not made
-- again. A run for several months leaves those out, a run for one month fails with the SQLSTATE PM001.
create or replace function make_message_partitions(first_day date, months integer) returns integer
language plpgsql as $$
declare
  month_day date := date_trunc('month', first_day);
  made integer := 0;
  part text;
  floor_id uuid;
  ceiling_id uuid;
  place message_month_state;
  home text := (
    select nspname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = 'messages'::regclass
  );
begin
  for i in 0..months loop
    part := 'messages_' || to_char(month_day, 'YYYY_MM');
    if not exists (
      select
      from pg_inherits
      join pg_class c on c.oid = inhrelid
      where inhparent = 'messages'::regclass
        and c.relname = part
    ) then
      -- Keeps out other makers and whoever changes the table, but no reader and no writer.
      lock table messages in share update exclusive mode;
      select state into place from message_months where month = month_day;
      if place <> 'live' then
        if months = 0 then
          raise exception 'the month % of messages is %', to_char(month_day, 'YYYY-MM'), place
            using errcode = 'PM001', hint = 'It is never made again: prochat partitions lists the months.';
        end if;
      elsif not exists (
        select
        from pg_inherits
        join pg_class c on c.oid = inhrelid
        where inhparent = 'messages'::regclass
          and c.relname = part
      ) then
        if to_regclass(format('%I.%I', home, part)) is not null then
          raise exception 'the table % is there but is no partition of messages', part
            using hint = 'Rename it, or attach it where it belongs.';
        end if;
        floor_id := uuid_floor(month_day::timestamp at time zone 'UTC');
        ceiling_id := uuid_floor((month_day + interval '1 month')::timestamp at time zone 'UTC');
        execute format(
          'create table %I.%I (like messages including all, '
            'constraint month_bounds check (conversation_id >= %L and conversation_id < %L))',
          home, part, floor_id, ceiling_id);
        execute format(
          'alter table messages attach partition %I.%I for values from (%L) to (%L)',
          home, part, floor_id, ceiling_id);
        insert into message_months (month, from_id, until_id)
        values (month_day, floor_id, ceiling_id)
        on conflict (month) do nothing;
        made := made + 1;
      end if;
    end if;
    month_day := month_day + interval '1 month';
  end loop;
  return made;
end $$;

-- Down Migration

create or replace function make_message_partitions(first_day date, months integer) returns integer
language plpgsql as $$
declare
  month date := date_trunc('month', first_day);
  made integer := 0;
  part text;
  home text := (
    select nspname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = 'messages'::regclass
  );
begin
  for i in 0..months loop
    part := 'messages_' || to_char(month, 'YYYY_MM');
    if not exists (
      select
      from pg_inherits
      join pg_class c on c.oid = inhrelid
      where inhparent = 'messages'::regclass
        and c.relname = part
    ) then
      -- Keeps out other makers and whoever changes the table, but no reader and no writer.
      lock table messages in share update exclusive mode;
      if not exists (
        select
        from pg_inherits
        join pg_class c on c.oid = inhrelid
        where inhparent = 'messages'::regclass
          and c.relname = part
      ) then
        if to_regclass(format('%I.%I', home, part)) is not null then
          raise exception 'the table % is there but is no partition of messages', part
            using hint = 'Rename it, or attach it where it belongs.';
        end if;
        execute format('create table %I.%I (like messages including all)', home, part);
        execute format(
          'alter table messages attach partition %I.%I for values from (%L) to (%L)', home, part,
          uuid_floor(month::timestamp at time zone 'UTC'),
          uuid_floor((month + interval '1 month')::timestamp at time zone 'UTC'));
        made := made + 1;
      end if;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;

-- Archived and detached months go back into messages, where older programs find them.
-- Allow long lock: their bounds are checked already
do $$
declare
  part record;
  name text;
begin
  for part in select month, from_id, until_id, state from message_months where state <> 'dropped' loop
    name := 'messages_' || to_char(part.month, 'YYYY_MM');
    if part.state in ('archived', 'exported') then
      execute format('alter table messages_archive detach partition %I', name);
    end if;
    if part.state <> 'live' then
      execute format('drop trigger if exists note_change on %I', name);
      execute format('alter table messages attach partition %I for values from (%L) to (%L)', name, part.from_id, part.until_id);
    end if;
    execute format('alter table if exists %I drop constraint month_bounds', name);
  end loop;
end $$;

drop table messages_archive;
drop table message_months;
drop type message_month_state;
