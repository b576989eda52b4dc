-- Up Migration
-- No transaction

-- Backfill
update memberships as m
set name = (select u.name from users u where u.id = m.user_id)
where m.name = '';

-- Down Migration
