-- Up Migration
-- No transaction

-- Serves the page Trash: conversations that were deleted by themselves, the last deletion first. A visitor with a thousand
-- conversations is one entry there.
create index concurrently conversations_trash on conversations (website_id, deleted_at, id)
  where deleted_at is not null and not deleted_with_visitor;

-- Serves the page Trash and the purge: deleted visitors. Holds nothing else, and so costs a send nothing.
create index concurrently visitors_deleted on visitors (website_id, deleted_at, id)
  where deleted_at is not null;

-- Serves the page Trash and the purge: deleted messages whose text is still stored.
create index concurrently messages_deleted on messages (website_id, deleted_at, conversation_id, seq)
  where deleted_at is not null and body <> '';

-- The same of archived months: a month keeps its indexes when it moves.
create index concurrently messages_archive_deleted on messages_archive (website_id, deleted_at, conversation_id, seq)
  where deleted_at is not null and body <> '';

-- Down Migration

drop index concurrently messages_archive_deleted;
drop index concurrently messages_deleted;
drop index concurrently visitors_deleted;
drop index concurrently conversations_trash;
