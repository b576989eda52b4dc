-- Up Migration

alter table websites
  add column deleted_at timestamptz,
  add column deleted_by uuid, -- the user, while deleted_at is set
  add column deletion_reason text not null default '';

-- Down Migration

alter table websites drop column deleted_at, drop column deleted_by, drop column deletion_reason;
