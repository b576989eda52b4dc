-- Up Migration

-- Each message and each read mark updates its conversation. While no indexed column changes, such an update writes one
-- tuple and no index entry (HOT): docs/decisions/0013-hot-conversations.md. So the indexes get the last message's five
-- minutes instead of its time, and a flag that stays set for a while instead of the unread count.

-- Room for the next version of a row on the same page.
alter table conversations set (fillfactor = 70);

-- Allow long lock: it writes the table again, about 10 s for a million conversations, while no server runs (0012)
alter table conversations
  add column last_message_bucket timestamptz(3) not null
    -- squawk-ignore adding-field-with-default
    generated always as (date_bin('5 minutes', last_message_at, '2000-01-01 00:00:00+00')) stored,
  add column may_have_unread boolean not null default true, -- false is certain; true until a job has looked
  -- squawk-ignore constraint-missing-not-valid
  add constraint conversations_unread_is_flagged check (may_have_unread or agent_unread = 0);

-- A new conversation has nothing unread: its first message sets the flag.
alter table conversations alter column may_have_unread set default false;

-- Down Migration

alter table conversations
  drop constraint conversations_unread_is_flagged,
  drop column last_message_bucket,
  drop column may_have_unread;
alter table conversations reset (fillfactor);
