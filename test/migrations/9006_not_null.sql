-- Up Migration

alter table conversations alter column subject set default '';
alter table conversations add constraint conversations_subject_there check (subject is not null) not valid;

-- Down Migration

alter table conversations drop constraint conversations_subject_there;
alter table conversations alter column subject drop default;
