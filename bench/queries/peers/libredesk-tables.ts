/** LibreDesk's tables and indexes as of August 2026, filled from the product's: an inbox a website. */
export const tables = `
  create type message_type as enum ('incoming', 'outgoing', 'activity');
  create type message_status as enum ('received', 'sent', 'failed', 'pending');
  create type content_type as enum ('text', 'html');
  create type sender_type as enum ('agent', 'contact');
  create table users (
    id bigserial primary key, uuid uuid, created_at timestamptz default now(), updated_at timestamptz default now(),
    type text not null, email text, first_name text not null, last_name text, avatar_url text,
    availability_status text not null default 'offline', last_active_at timestamptz);
  create index on users (uuid);
  create table inboxes (id serial primary key, name text not null, channel text not null default 'livechat');
  create table conversation_statuses (id serial primary key, name text not null);
  insert into conversation_statuses (name) values ('Open'), ('Resolved');
  create table conversation_priorities (id serial primary key, name text not null);
  create table media (
    id serial primary key, uuid uuid default gen_random_uuid(), filename text not null, content_type text not null,
    content_id text, disposition text, size integer, model_type text, model_id bigint);
  create index on media (model_type, model_id);
  create table conversations (
    id bigserial primary key, uuid uuid not null unique default gen_random_uuid(), created_at timestamptz default now(),
    updated_at timestamptz default now(), reference_number text not null unique, contact_id bigint not null,
    assigned_user_id bigint, assigned_team_id integer, inbox_id integer not null, status_id integer, priority_id integer,
    sla_policy_id integer, subject text, meta jsonb not null default '{}', custom_attributes jsonb not null default '{}',
    first_reply_at timestamptz, last_reply_at timestamptz, resolved_at timestamptz, closed_at timestamptz,
    last_message text, last_message_at timestamptz, last_message_sender sender_type, last_message_sender_id bigint,
    last_interaction text, last_interaction_at timestamptz, last_interaction_sender sender_type,
    last_interaction_sender_id bigint, contact_last_seen_at timestamptz, next_sla_deadline_at timestamptz,
    waiting_since timestamptz, snoozed_until timestamptz);
  create table conversation_last_seen (
    conversation_id bigint not null, user_id bigint not null, last_seen_at timestamptz not null,
    updated_at timestamptz default now(), primary key (conversation_id, user_id));
  create table conversation_messages (
    id bigserial primary key, uuid uuid not null unique default gen_random_uuid(), created_at timestamptz default now(),
    updated_at timestamptz default now(), type message_type not null, status message_status not null,
    private boolean not null default false, conversation_id bigint not null, content_type content_type not null,
    content text, text_content text, source_id text, sender_id bigint not null, sender_type sender_type not null,
    meta jsonb default '{}')`;

/** What is deleted is left out, so that answers are the same. Each website's first member has looked. */
export const fill = [
  `insert into users (uuid, type, email, first_name)
   select id, 'agent', email, name from public.users
   union all
   select distinct on (id) id, 'contact', email, coalesce(name, '') from public.visitors`,
  "insert into inboxes (id, name) select id, name from public.websites",
  `insert into conversations (uuid, created_at, updated_at, reference_number, contact_id, assigned_user_id, inbox_id,
     status_id, first_reply_at, last_message, last_message_at, last_message_sender, last_interaction,
     last_interaction_at, last_interaction_sender, waiting_since)
   select c.id, c.created_at, c.last_message_at, (100 + row_number() over (order by c.created_at))::text, k.id, a.id,
     c.website_id, case c.status when 'open' then 1 else 2 end, c.first_reply_at, c.preview, c.last_message_at,
     s.sender, c.preview, c.last_message_at, s.sender, c.waiting_since
   from public.conversations c
   cross join lateral (
     select case c.preview_author when 'visitor' then 'contact' else 'agent' end::sender_type as sender
   ) s
   join users k on k.uuid = c.visitor_id
   left join users a on a.uuid = c.assignee_id
   where c.deleted_at is null
   order by c.created_at`,
  // Looks are counted in messages of any kind: so many are newer as the product counts unread ones.
  `insert into conversation_last_seen (conversation_id, user_id, last_seen_at)
   select l.id, a.id, seen.at
   from public.conversations c
   join conversations l on l.uuid = c.id
   cross join lateral (
     select u.id
     from public.memberships m
     join users u on u.uuid = m.user_id
     where m.website_id = c.website_id
     order by m.user_id
     limit 1
   ) a
   cross join lateral (
     select case when c.agent_unread = 0 then c.last_message_at + interval '1 ms' else (
       select m.created_at
       from public.messages m
       where m.website_id = c.website_id and m.conversation_id = c.id and m.deleted_at is null
       order by m.seq desc
       offset c.agent_unread
       limit 1
     ) end as at
   ) seen
   where seen.at is not null
   order by l.id`,
  `insert into conversation_messages (created_at, updated_at, type, status, private, conversation_id, content_type,
     content, text_content, sender_id, sender_type)
   select m.created_at, m.created_at,
     case when m.kind = 'event' then 'activity' when m.author = 'visitor' then 'incoming' else 'outgoing' end::message_type,
     case m.author when 'visitor' then 'received' else 'sent' end::message_status, m.kind = 'note', c.id, 'text', m.body,
     m.body, case m.author when 'visitor' then c.contact_id else coalesce(a.id, 1) end,
     case m.author when 'visitor' then 'contact' else 'agent' end::sender_type
   from public.messages m
   join conversations c on c.uuid = m.conversation_id
   left join users a on a.uuid = m.author_id
   where m.deleted_at is null
   order by m.created_at, m.conversation_id, m.seq`,
];

export const indexes = [
  ...["conversation_id", "created_at", "source_id", "status"].map(
    column => `create index on conversation_messages (${column})`,
  ),
  "create index on conversation_messages (conversation_id, created_at)",
  ...[
    "contact_id",
    "assigned_user_id",
    "assigned_team_id",
    "inbox_id",
    "status_id",
    "priority_id",
    "created_at",
    "last_message_at",
    "last_interaction_at",
    "next_sla_deadline_at",
    "waiting_since",
    "snoozed_until",
    "resolved_at",
  ].map(column => `create index on conversations (${column})`),
];

export const trigrams = ["create index on conversation_messages using gin (text_content public.gin_trgm_ops)"];
