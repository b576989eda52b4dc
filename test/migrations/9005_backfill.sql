-- Up Migration
-- No transaction

-- Backfill
update conversations as c
set subject = left(c.preview, 80)
where c.subject is null;

-- Backfill
update messages
set language = case when body ~ '[äöüß]' then 'de' else 'en' end
where language is null;

-- Down Migration

-- Backfill
update messages set language = null where language is not null;

-- Backfill
update conversations set subject = null;
