-- Up Migration

alter table visitors
  add column deleted_by uuid, -- of the agent's membership, while deleted_at is set; null: the visitor, or nobody known
  add column deletion_reason text not null default '',
  add column deleted_external_id text, -- external_id while deleted_at is set: the person may come back as a new visitor
  add column replaced_at timestamptz; -- deleted, and the person has written since: their token begins a new session

alter table conversations
  add column deleted_with_visitor boolean not null default false; -- it comes back with its visitor

-- Down Migration

alter table conversations drop column deleted_with_visitor;
alter table visitors
  drop column deleted_by, drop column deletion_reason, drop column deleted_external_id, drop column replaced_at;
