-- Up Migration

alter table conversations
  add column changed_version integer not null default 0, -- its version when a message was last edited or deleted; 0: never
  add column changed_at timestamptz; -- when that was

alter table messages add column changed_version integer; -- the conversation's when it was last edited or deleted; null: never

-- Down Migration

alter table messages drop column changed_version;
alter table conversations drop column changed_at, drop column changed_version;
