-- Up Migration

-- Each time that this cluster was restored from a backup. A restored cluster has the same system identifier as the original;
-- the id of its last restore tells the two apart, so that neither writes into the other's backups.
create table restores (
  id text primary key, -- serves the name of the repository: the time of the restore in UTC and 4 hexadecimal digits
  backup_id text not null,
  restored_at timestamptz(3) not null,
  target_time timestamptz(3) -- null: to the end of what was kept
);

-- Down Migration

drop table restores;
