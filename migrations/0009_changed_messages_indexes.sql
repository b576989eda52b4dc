-- Up Migration
-- No transaction

-- Serves "which messages changed since version V", in the order of the changes. Holds nothing else, and so costs a send
-- nothing.
create index concurrently messages_changed on messages (website_id, conversation_id, changed_version)
  where changed_version is not null;

-- Serves the heartbeat's "what changed lately": an edit or a deletion leaves a conversation's place in the inbox as it is.
create index concurrently conversations_changed on conversations (website_id, changed_at desc)
  where changed_at is not null;

-- Down Migration

drop index concurrently conversations_changed;
drop index concurrently messages_changed;
