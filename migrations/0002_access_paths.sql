-- Up Migration
-- No transaction

-- Serves the inbox view "mine", and taking an agent's conversations back when they leave (also the look-up of the
-- foreign key then): that one knows no status, and the index before held the open ones only.
create index concurrently conversations_assigned
  on conversations (website_id, assignee_id, status, last_message_at desc, id desc)
  where assignee_id is not null;

drop index concurrently conversations_by_assignee;

-- Serves what was deleted, oldest first. Holds nothing else, and so costs a send nothing.
create index concurrently conversations_deleted on conversations (website_id, deleted_at, id)
  where deleted_at is not null;

-- Down Migration

drop index concurrently conversations_deleted;

create index concurrently conversations_by_assignee
  on conversations (website_id, assignee_id, last_message_at desc, id desc)
  where status = 'open' and assignee_id is not null and deleted_at is null;

drop index concurrently conversations_assigned;
