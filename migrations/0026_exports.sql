-- Up Migration

-- Exports that admins asked for. The files are in the storage; both go 7 days after they were asked for.
create table exports (
  website_id integer not null references websites (id) on delete cascade,
  id uuid not null, -- a UUIDv7
  scope jsonb not null, -- as protocol/exports.ts has it
  format text not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  rows bigint not null default 0,
  size_bytes bigint,
  sha256 text,
  problem text, -- why it failed
  requested_by uuid not null, -- a user, who may have left
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), -- a run that does not say anything for two minutes was killed
  expires_at timestamptz not null,
  primary key (website_id, id) -- serves the list of a website, newest first
);

-- Down Migration

drop table exports;
