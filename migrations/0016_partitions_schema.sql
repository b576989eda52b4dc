-- Up Migration

-- As before, and in the schema of messages, whatever else the search path has: a table of another schema with a month's
-- name is neither a partition of these messages nor in its way.
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

-- Down Migration

create or replace function make_message_partitions(first_day date, months integer) returns integer
language plpgsql as $$
declare
  month date := date_trunc('month', first_day);
  made integer := 0;
  part text;
begin
  for i in 0..months loop
    part := 'messages_' || to_char(month, 'YYYY_MM');
    if not exists (select from pg_inherits where inhrelid = to_regclass(part)) then
      -- Keeps out other makers and whoever changes the table, but no reader and no writer.
      lock table messages in share update exclusive mode;
      if not exists (select from pg_inherits where inhrelid = to_regclass(part)) then
        if to_regclass(part) is not null then
          raise exception 'the table % is there but is no partition of messages', part
            using hint = 'Rename it, or attach it where it belongs.';
        end if;
        execute format('create table %I (like messages including all)', part);
        execute format(
          'alter table messages attach partition %I for values from (%L) to (%L)', part,
          uuid_floor(month::timestamp at time zone 'UTC'),
          uuid_floor((month + interval '1 month')::timestamp at time zone 'UTC'));
        made := made + 1;
      end if;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;
