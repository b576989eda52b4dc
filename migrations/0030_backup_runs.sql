-- Up Migration

-- One row. The server that archives the WAL writes it each 10 s; only the last update of a page is kept (HOT), because no index
-- holds a column that changes.
create table backup_heartbeat (
  id smallint primary key check (id = 1), -- serves the heartbeat
  beat_at timestamptz(3) not null,
  recovery_point_at timestamptz(3), -- of the newest heartbeat that was read back from the archive
  problem text, -- why the archive does not grow
  kept_bytes bigint not null, -- of the WAL that PostgreSQL keeps until it is archived
  max_kept_bytes bigint -- null: without a limit
);

-- Backups and drills that were asked for, run or failed. What can be restored is in the repository itself.
create table backup_runs (
  id uuid primary key, -- a UUIDv7: serves the newest first, and the oldest that waits
  repository text not null, -- a cluster that is restored begins another one
  kind text not null check (kind in ('backup', 'drill')),
  reason text not null, -- schedule, person, gap
  requested_by uuid, -- the user, if a person asked for it
  started_at timestamptz(3),
  progress_at timestamptz(3), -- while it runs; a server that was killed leaves it behind
  done_bytes bigint not null default 0,
  total_bytes bigint not null default 0,
  finished_at timestamptz(3),
  outcome text check (outcome in ('succeeded', 'failed', 'inconclusive')),
  detail text, -- why it did not succeed
  backup_id text
);

-- Serves the start of a run: one at a time in the whole installation.
create unique index backup_runs_running on backup_runs ((true)) where started_at is not null and finished_at is null;

-- Down Migration

drop table backup_heartbeat, backup_runs;
