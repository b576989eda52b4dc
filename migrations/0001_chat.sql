-- Up Migration

-- Tenancy: every table of a website's own carries website_id in its primary key, unique constraints and foreign keys,
-- so that the tables can later be distributed by it without a change.

create type member_role as enum ('owner', 'admin', 'agent');
create type conversation_status as enum ('open', 'resolved');
create type author_kind as enum ('visitor', 'agent', 'system');
create type message_kind as enum ('text', 'file', 'note', 'event');

create table websites (
  id integer generated always as identity primary key,
  name text not null,
  public_key text not null unique, -- the key in the snippet
  identity_secret text not null, -- signs who a logged-in visitor is (HS256)
  allowed_origins text[] not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

-- users, sessions, accounts and verifications are what the authentication library keeps.

create table users (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  token text not null unique, -- serves the look-up of every signed-in request
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Serves ending all sessions of a user.
create index sessions_by_user on sessions (user_id);

create table accounts (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Serves the password check at sign-in.
create index accounts_by_user on accounts (user_id);

create table verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Serves the look-up of a verification by what it verifies.
create index verifications_by_identifier on verifications (identifier);

create table memberships (
  website_id integer not null references websites (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role member_role not null,
  created_at timestamptz not null default now(),
  primary key (website_id, user_id)
);

-- Serves "which websites may this user see", asked on every request of an agent.
create index memberships_by_user on memberships (user_id);

create table invitations (
  website_id integer not null references websites (id) on delete cascade,
  id uuid not null,
  role member_role not null,
  note text not null default '', -- for whom the link is, in the inviter's words
  token_hash text not null,
  invited_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (website_id, id),
  unique (website_id, token_hash)
);

create table visitors (
  website_id integer not null references websites (id),
  id uuid not null,
  external_id text, -- the page's own id of a logged-in visitor; only ever set from a signed identity
  name text,
  email text,
  attributes jsonb not null default '{}',
  page_url text,
  page_title text,
  user_agent text,
  language text,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (website_id, id)
);

-- Serves finding a logged-in visitor; makes two devices of one customer one visitor.
create unique index visitors_by_external_id on visitors (website_id, external_id) where external_id is not null;

create table conversations (
  website_id integer not null,
  id uuid not null,
  visitor_id uuid not null,
  status conversation_status not null default 'open',
  assignee_id uuid,
  version integer not null default 1, -- grows with every change of this row: of two copies the higher is the newer
  last_seq integer not null default 0,
  last_public_seq integer not null default 0, -- the last that the visitor may see
  preview text not null default '',
  preview_author author_kind not null default 'visitor',
  last_message_at timestamptz(3) not null default now(), -- in whole ms, as clients order by it
  waiting_since timestamptz, -- the visitor's first message that nobody has answered yet
  agent_read_seq integer not null default 0,
  visitor_read_seq integer not null default 0,
  agent_unread integer not null default 0,
  visitor_unread integer not null default 0,
  first_reply_at timestamptz,
  rating smallint,
  continues_id uuid, -- a conversation takes messages for 30 days; the next message opens one that continues it
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (website_id, id),
  foreign key (website_id, visitor_id) references visitors (website_id, id),
  foreign key (website_id, assignee_id) references memberships (website_id, user_id)
);

-- Serves the inbox views "all" and "resolved", newest first, and the heartbeat's "what changed lately".
create index conversations_by_status on conversations (website_id, status, last_message_at desc, id desc)
  where deleted_at is null;

-- Serves the inbox view "mine".
create index conversations_by_assignee on conversations (website_id, assignee_id, last_message_at desc, id desc)
  where status = 'open' and assignee_id is not null and deleted_at is null;

-- Serves the inbox view "unassigned". In the index above "is null" would find them, but not in their order.
create index conversations_unassigned on conversations (website_id, last_message_at desc, id desc)
  where status = 'open' and assignee_id is null and deleted_at is null;

-- Serves the unread counts of the inbox: holds only conversations that have something unread.
create index conversations_unread on conversations (website_id, assignee_id)
  where status = 'open' and agent_unread > 0 and deleted_at is null;

-- Serves a visitor's thread: the current conversation and those before it.
create index conversations_by_visitor on conversations (website_id, visitor_id, id desc);

-- A conversation's id is a UUIDv7 and begins with its time, so ranges of ids are months, a conversation lies whole in
-- one partition, and the database can enforce both keys. Sends read their conversation under its lock: no foreign key.
create table messages (
  website_id integer not null,
  conversation_id uuid not null,
  seq integer not null,
  author author_kind not null,
  kind message_kind not null,
  id uuid not null, -- minted by the sender: sending again with the same id is the same message
  author_id uuid,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  body text not null,
  details jsonb, -- of an event: what happened
  primary key (website_id, conversation_id, seq),
  unique (website_id, conversation_id, id)
) partition by range (conversation_id);

-- The smallest UUIDv7 of a moment.
create function uuid_floor(moment timestamptz) returns uuid
language sql immutable strict parallel safe
return rpad(lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid;

-- Makes the month partitions from a day to some months after it; those that exist stay. Attaching, unlike creating
-- "partition of", does not lock out readers and writers.
create function make_message_partitions(first_day date, months integer) returns integer
language plpgsql as $$
declare
  month date := date_trunc('month', first_day);
  made integer := 0;
  part text;
begin
  for i in 0..months loop
    part := 'messages_' || to_char(month, 'YYYY_MM');
    if to_regclass(part) is null then
      execute format('create table %I (like messages including all)', part);
      execute format(
        'alter table messages attach partition %I for values from (%L) to (%L)', part,
        uuid_floor(month::timestamp at time zone 'UTC'),
        uuid_floor((month + interval '1 month')::timestamp at time zone 'UTC'));
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;

-- From yesterday on, for a clock that is behind at the turn of a month.
select make_message_partitions((now() at time zone 'UTC')::date - 1, 4);

-- Down Migration

drop table messages;
drop function make_message_partitions, uuid_floor;
drop table conversations, visitors, invitations, memberships, verifications, accounts, sessions, users, websites;
drop type message_kind, author_kind, conversation_status, member_role;
