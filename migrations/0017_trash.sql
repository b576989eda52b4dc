-- Up Migration

alter table conversations
  add column deleted_by uuid, -- of the agent's membership, while deleted_at is set
  add column deletion_reason text not null default '';

-- Down Migration

alter table conversations drop column deleted_by, drop column deletion_reason;
