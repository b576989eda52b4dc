-- Up Migration
-- No transaction

-- Serves the check whether erasures are late: holds only those that are not done yet.
create index concurrently erasures_open on erasures (requested_at)
  where erased_at is null and undone_at is null;

-- Down Migration

drop index concurrently erasures_open;
