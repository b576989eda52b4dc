-- Up Migration
-- No transaction

-- Serves a send that arrives again, and lets no id occur twice in a conversation. As the index before did, but the
-- other way round: ids begin with their time, so new ones go to the index's end instead of all over it. And the planner
-- cannot take it for the way to the messages of a conversation, which is the primary key: with the index before, a
-- prepared count of what follows a read cursor read a conversation of 10,000 messages whole.
create unique index concurrently messages_by_id on messages (id, conversation_id, website_id);

-- Down Migration

drop index concurrently messages_by_id;
