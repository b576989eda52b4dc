-- Up Migration

-- Since when the person's data is kept and not used; null: it is used.
alter table visitors add column restricted_at timestamptz(3);

-- As of its visitor, so that a batch of sends and an export need not read visitors.
alter table conversations add column is_restricted boolean not null default false;

-- Down Migration

alter table conversations drop column is_restricted;
alter table visitors drop column restricted_at;
