-- Up Migration
-- No transaction

create index concurrently conversations_by_priority on conversations (website_id, priority, last_message_at desc)
  where status = 'open' and deleted_at is null;

-- The runner builds it partition by partition.
create index concurrently messages_by_language on messages (website_id, language) where language is not null;

-- Down Migration

drop index concurrently messages_by_language;
drop index concurrently conversations_by_priority;
