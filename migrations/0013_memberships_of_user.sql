-- Up Migration
-- No transaction

-- Serves "which websites may this user see", asked on every request of an agent. Without former agents, and with both
-- columns: messages and conversations look up whom they name by the primary key, and the check of one membership reads
-- one entry, though the user belongs to a thousand websites.
create index concurrently memberships_of_user on memberships (user_id, website_id) where removed_at is null;

drop index concurrently memberships_by_user;

-- Down Migration

create index concurrently memberships_by_user on memberships (user_id);

drop index concurrently memberships_of_user;
