-- Up Migration

-- The last report of each server of this database, as it sees itself. One of them judges all of them in turn.
create table health_servers (
  id uuid primary key, -- of a run of the server
  host text not null,
  report jsonb not null,
  collected_at timestamptz not null
);

-- When the reports were judged last; one row. Its lock decides which server judges, and so which one sends.
create table alert_rounds (
  id smallint primary key check (id = 1),
  judged_at timestamptz not null
);

insert into alert_rounds (id, judged_at) values (1, '-infinity');

-- How a check went in its last runs. Read and written as a whole.
create table alert_states (
  check_id text primary key,
  bad_runs integer not null, -- one after another, warnings and errors
  error_runs integer not null, -- one after another, errors
  good_runs integer not null,
  bad_since timestamptz,
  changed_at timestamptz, -- of the last alert: opened, raised or cleared
  changed_before timestamptz -- the change before
);

-- Read by the primary key, newest first: an id begins with its time.
create table alerts (
  id uuid primary key,
  check_id text not null,
  level text not null check (level in ('warn', 'error')),
  told_level text check (told_level in ('warn', 'error')), -- what the channels know; null: nothing yet
  found jsonb not null, -- the check when the alert got this level
  host text, -- of the server that it is about; null: of all
  since timestamptz not null,
  opened_at timestamptz not null,
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  acknowledged_by_name text
);

-- Serves "a check has one open alert at most", and the open ones.
create unique index alerts_open on alerts (check_id) where cleared_at is null;

-- Serves the silences of this moment.
create table alert_silences (
  id uuid primary key,
  check_id text not null,
  until timestamptz not null,
  reason text not null,
  created_at timestamptz not null default now(),
  created_by uuid, -- null: the command line
  created_by_name text not null
);

-- Where alerts are sent.
create table alert_channels (
  id uuid primary key,
  kind text not null check (kind in ('email', 'webhook', 'slack')),
  target text not null, -- an e-mail address or a URL
  secret text, -- signs webhooks
  min_level text not null check (min_level in ('warn', 'error')),
  created_at timestamptz not null default now(),
  created_by uuid
);

-- What was sent, or is to be sent. The id stays the same in every try.
create table alert_deliveries (
  id uuid primary key,
  channel_id uuid not null references alert_channels on delete cascade,
  alert_id uuid references alerts on delete cascade, -- null: a test
  notice jsonb not null,
  created_at timestamptz not null default now(),
  next_try_at timestamptz not null default now(),
  attempts integer not null default 0,
  delivered_at timestamptz,
  given_up_at timestamptz,
  problem text -- of the last try; null: none
);

-- Serves "what is due", and an alert's earlier notices, which go first.
create index alert_deliveries_waiting on alert_deliveries (next_try_at) where delivered_at is null and given_up_at is null;
create index alert_deliveries_by_alert on alert_deliveries (alert_id, channel_id);

-- Serves the last delivery of a channel.
create index alert_deliveries_by_channel on alert_deliveries (channel_id, id);

-- Down Migration

drop table alert_deliveries;
drop table alert_channels;
drop table alert_silences;
drop table alerts;
drop table alert_states;
drop table alert_rounds;
drop table health_servers;
