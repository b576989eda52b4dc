-- Up Migration

-- messages_by_id keeps the rule now.
alter table messages drop constraint messages_website_id_conversation_id_id_key;

-- Down Migration

-- Allow long lock: a constraint of a partitioned table cannot be made from an index that is there; taking this back waits
-- squawk-ignore constraint-missing-not-valid, disallowed-unique-constraint
alter table messages add constraint messages_website_id_conversation_id_id_key unique (website_id, conversation_id, id);
