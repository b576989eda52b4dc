-- Up Migration

alter table conversations add constraint conversations_priority_known check (priority between 0 and 3) not valid;
alter table messages add constraint messages_language_short check (length(language) <= 35) not valid;
alter table conversations add constraint conversations_continue foreign key (website_id, continues_id)
  references conversations (website_id, id) not valid;

-- Down Migration

alter table conversations drop constraint conversations_continue;
alter table messages drop constraint messages_language_short;
alter table conversations drop constraint conversations_priority_known;
