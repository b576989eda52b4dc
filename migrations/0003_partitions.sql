-- Up Migration

-- As before, and: of two makers at once one waits for the other and then finds the month made; a table that has the
-- month's name but is no partition is refused by name instead of being taken for one.
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
    if to_regclass(part) is null then
      execute format('create table %I (like messages including all)', part);
      execute format(
        'alter table messages attach partition %I for values from (%L) to (%L)', part,
        uuid_floor(month::timestamp at time zone 'UTC'),
        uuid_floor((month + interval '1 month')::timestamp at time zone 'UTC'));
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;
