-- Up Migration

-- What the checks of the installation found last; one row.
create table health_reports (
  id smallint primary key check (id = 1),
  report jsonb not null,
  collected_at timestamptz not null
);

-- Their values: a row a minute of the last day, and a row a day of the last 400 days. Read by the primary key.
create table health_history (
  period text not null check (period in ('minute', 'day')),
  at timestamptz not null,
  figures jsonb not null,
  counters jsonb not null,
  primary key (period, at)
);

-- Down Migration

drop table health_history;
drop table health_reports;
