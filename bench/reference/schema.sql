create table conversations (
  id bigserial primary key,
  website_id integer not null,
  visitor_id uuid not null,
  status text not null default 'open',
  last_message text not null default '',
  last_message_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (website_id, visitor_id)
);

-- the agents' list, newest first
create index conversations_by_status on conversations (website_id, status, last_message_at desc);

create table messages (
  id bigserial primary key,
  conversation_id bigint not null references conversations (id),
  sender_type text not null,
  sender_id uuid not null,
  content text not null,
  is_read boolean not null default false,
  created_at timestamptz not null default now()
);

-- a conversation's messages in their order
create index messages_by_conversation on messages (conversation_id, created_at);

-- the badge: holds unread messages only, so that the count reads nothing else
create index messages_unread on messages (conversation_id, sender_type) where not is_read;
