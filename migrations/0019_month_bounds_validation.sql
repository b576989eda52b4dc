-- Up Migration

-- Reads the messages of each month once, and blocks neither their readers nor their writers.
-- Allow long lock: to validate a constraint takes none
do $$
declare
  part regclass;
begin
  for part in
    select conrelid::regclass
    from pg_constraint
    join pg_inherits on inhrelid = conrelid
    where inhparent = 'messages'::regclass
      and conname = 'month_bounds'
      and not convalidated
  loop
    execute format('alter table %s validate constraint month_bounds', part);
  end loop;
end $$;

-- Down Migration
