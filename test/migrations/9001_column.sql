-- Up Migration

-- On a table that every send writes and on one that every send adds to. A constant default is kept once for all rows.
alter table conversations add column priority smallint not null default 0;
alter table conversations add column subject text;
alter table messages add column language text;

-- Down Migration

alter table messages drop column language;
alter table conversations drop column subject;
alter table conversations drop column priority;
