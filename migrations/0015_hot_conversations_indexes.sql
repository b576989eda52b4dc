-- Up Migration
-- No transaction

-- Serves the inbox views "all" and "resolved", newest first, and the heartbeat's "what changed lately". A page sorts its
-- buckets.
create index concurrently conversations_inbox on conversations (website_id, status, last_message_bucket desc)
  where deleted_at is null;
drop index concurrently conversations_by_status;

-- Serves the inbox view "mine", and taking an agent's conversations back when they leave.
create index concurrently conversations_inbox_assigned
  on conversations (website_id, assignee_id, status, last_message_bucket desc)
  where assignee_id is not null;
drop index concurrently conversations_assigned;

-- Serves the inbox view "unassigned".
create index concurrently conversations_inbox_unassigned on conversations (website_id, last_message_bucket desc)
  where status = 'open' and assignee_id is null and deleted_at is null;
drop index concurrently conversations_unassigned;

-- Serves the unread counts of the inbox, which look at the count itself, too.
create index concurrently conversations_inbox_unread on conversations (website_id, assignee_id)
  where status = 'open' and may_have_unread and deleted_at is null;
drop index concurrently conversations_unread;

-- Down Migration

create index concurrently conversations_unread on conversations (website_id, assignee_id)
  where status = 'open' and agent_unread > 0 and deleted_at is null;
drop index concurrently conversations_inbox_unread;

create index concurrently conversations_unassigned on conversations (website_id, last_message_at desc, id desc)
  where status = 'open' and assignee_id is null and deleted_at is null;
drop index concurrently conversations_inbox_unassigned;

create index concurrently conversations_assigned
  on conversations (website_id, assignee_id, status, last_message_at desc, id desc)
  where assignee_id is not null;
drop index concurrently conversations_inbox_assigned;

create index concurrently conversations_by_status on conversations (website_id, status, last_message_at desc, id desc)
  where deleted_at is null;
drop index concurrently conversations_inbox;
