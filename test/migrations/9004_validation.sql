-- Up Migration
-- No transaction

alter table conversations validate constraint conversations_priority_known;
alter table messages validate constraint messages_language_short;
alter table conversations validate constraint conversations_continue;

-- Down Migration

-- What was found valid need not be forgotten.
