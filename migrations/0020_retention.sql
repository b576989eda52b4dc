-- Up Migration

-- The days on which the retention ran, with each website's settings of that day. What is deleted was due on two days.
create table retention_runs (
  website_id integer not null references websites (id) on delete cascade,
  day date not null,
  ran_at timestamptz not null,
  archive_after_days integer not null,
  delete_after_days integer not null,
  primary key (website_id, day)
);

create type hold_target as enum ('visitor', 'conversation');

-- Legal holds: nothing deletes what they name. The audit log has those that were lifted.
create table holds (
  website_id integer not null references websites (id),
  target_id uuid not null,
  target_kind hold_target not null,
  reason text not null,
  placed_by uuid, -- of the agent's membership; null: the command line
  placed_at timestamptz not null default now(),
  primary key (website_id, target_id)
);

-- After the export of a month began, any change of its messages makes that export worthless.
create function note_month_change() returns trigger
language plpgsql as $$
begin
  update message_months set is_changed = true where month = tg_argv[0]::date and not is_changed;
  return null;
end $$;

-- Down Migration

drop function note_month_change cascade;

drop table holds;
drop type hold_target;
drop table retention_runs;
