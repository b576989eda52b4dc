-- Up Migration

-- The ledger of erasures: which visitors asked for it or were deleted, and when. Ids, times and counts only. The object store
-- has a copy, which a restored backup replays.
create table erasures (
  website_id integer not null, -- stays when the website goes: older backups have it
  visitor_id uuid not null,
  conversation_ids uuid[] not null, -- those that went: after the erasure nothing else says which they were
  requested_at timestamptz(3) not null,
  undone_at timestamptz(3), -- the visitor was brought back
  erased_at timestamptz(3), -- null: it can still be undone
  removed jsonb not null default '{}', -- the receipt: how many rows of each table went
  is_stored boolean not null default false, -- the object store has it as it is here
  primary key (website_id, visitor_id)
);

-- Serves the job that writes the ledger to the object store: holds only what is not there yet.
create index erasures_unstored on erasures (website_id, visitor_id) where not is_stored;

-- Serves the erasures of a website, the newest first.
create index erasures_by_time on erasures (website_id, requested_at desc, visitor_id desc);

-- Down Migration

drop table erasures;
