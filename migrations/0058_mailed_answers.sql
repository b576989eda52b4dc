-- Up Migration

-- The last answer that the visitor got by e-mail, because they had not read it in the chat.
alter table conversations add column mailed_seq integer not null default 0;

-- Down Migration

alter table conversations drop column mailed_seq;
