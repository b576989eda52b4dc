/** Chatwoot's tables and indexes as of August 2025, filled from the product's: an account and an inbox a website. */
export const tables = `
  create table users (id serial primary key, uuid uuid, name varchar, email varchar, availability integer default 0);
  create table contacts (
    id serial primary key, name varchar default '', email varchar, phone_number varchar, account_id integer not null,
    created_at timestamp not null, updated_at timestamp not null, additional_attributes jsonb default '{}',
    identifier varchar, custom_attributes jsonb default '{}', last_activity_at timestamp, uuid uuid);
  create table attachments (
    id serial primary key, file_type integer, external_url varchar, message_id integer not null, account_id integer not null,
    created_at timestamp not null, updated_at timestamp not null);
  create index on attachments (message_id);
  create table conversations (
    id serial primary key, account_id integer not null, inbox_id integer not null, status integer not null default 0,
    assignee_id integer, created_at timestamp not null, updated_at timestamp not null, contact_id bigint,
    display_id integer not null, contact_last_seen_at timestamp, agent_last_seen_at timestamp,
    additional_attributes jsonb default '{}', contact_inbox_id bigint, uuid uuid not null default gen_random_uuid(),
    identifier varchar, last_activity_at timestamp not null default current_timestamp, team_id bigint, campaign_id bigint,
    snoozed_until timestamp, custom_attributes jsonb default '{}', assignee_last_seen_at timestamp,
    first_reply_created_at timestamp, priority integer, sla_policy_id bigint, waiting_since timestamp,
    cached_label_list text);
  create table messages (
    id serial primary key, content text, account_id integer not null, inbox_id integer not null,
    conversation_id integer not null, message_type integer not null, created_at timestamp not null,
    updated_at timestamp not null, private boolean not null default false, status integer default 0, source_id text,
    content_type integer not null default 0, content_attributes json default '{}', sender_type varchar,
    sender_id bigint, external_source_ids jsonb default '{}', additional_attributes jsonb default '{}',
    processed_message_content text, sentiment jsonb default '{}')`;

/** Chatwoot keeps a deleted message as an empty one. Here it is left out, so that answers are equal. */
export const fill = [
  "insert into users (uuid, name, email) select id, name, email from public.users",
  `insert into contacts (name, email, account_id, created_at, updated_at, identifier, last_activity_at, uuid)
   select name, email, website_id, first_seen_at at time zone 'utc', last_seen_at at time zone 'utc', external_id,
     last_seen_at at time zone 'utc', id
   from public.visitors`,
  `insert into conversations (account_id, inbox_id, status, assignee_id, created_at, updated_at, contact_id, display_id,
     contact_last_seen_at, agent_last_seen_at, contact_inbox_id, uuid, last_activity_at, assignee_last_seen_at,
     first_reply_created_at, waiting_since)
   select c.website_id, c.website_id, case c.status when 'open' then 0 else 1 end, u.id, c.created_at at time zone 'utc',
     c.last_message_at at time zone 'utc', k.id,
     row_number() over (partition by c.website_id order by c.created_at),
     c.last_message_at at time zone 'utc', seen.at at time zone 'utc', k.id, c.id,
     c.last_message_at at time zone 'utc', seen.at at time zone 'utc',
     c.first_reply_at at time zone 'utc', c.waiting_since at time zone 'utc'
   from public.conversations c
   join contacts k on k.account_id = c.website_id and k.uuid = c.visitor_id
   left join users u on u.uuid = c.assignee_id
   left join lateral (
     select case when c.agent_unread = 0 then c.last_message_at + interval '1 ms' else coalesce((
       select m.created_at
       from public.messages m
       where m.website_id = c.website_id and m.conversation_id = c.id and m.seq = c.agent_read_seq
     ), c.created_at - interval '1 s') end as at
   ) seen on true
   where c.deleted_at is null
   order by c.created_at`,
  `insert into messages (content, account_id, inbox_id, conversation_id, message_type, created_at, updated_at, private,
     sender_type, sender_id, processed_message_content)
   select m.body, c.account_id, c.inbox_id, c.id,
     case when m.kind = 'event' then 2 when m.author = 'visitor' then 0 else 1 end,
     m.created_at at time zone 'utc', m.created_at at time zone 'utc', m.kind = 'note',
     case when m.kind = 'event' then null when m.author = 'visitor' then 'Contact' else 'User' end,
     case when m.kind = 'event' then null when m.author = 'visitor' then c.contact_id else u.id end, m.body
   from public.messages m
   join conversations c on c.uuid = m.conversation_id and c.account_id = m.website_id
   left join users u on u.uuid = m.author_id
   where m.deleted_at is null
   order by m.created_at, m.conversation_id, m.seq`,
];

export const indexes = [
  "create index on contacts (account_id)",
  "create index on messages (conversation_id, account_id, message_type, created_at)",
  "create index on messages (account_id, content_type, created_at)",
  "create index on messages (account_id, created_at, message_type)",
  "create index on messages (account_id, inbox_id)",
  "create index on messages (account_id)",
  "create index on messages (conversation_id)",
  "create index on messages (created_at)",
  "create index on messages (inbox_id)",
  "create index on messages (sender_type, sender_id)",
  "create index on messages (source_id)",
  "create index on messages using gin ((additional_attributes -> 'campaign_id'))",
  "create unique index on conversations (account_id, display_id)",
  "create index on conversations (account_id, id)",
  "create index on conversations (account_id, inbox_id, status, assignee_id)",
  "create index on conversations (account_id)",
  "create index on conversations (assignee_id, account_id)",
  "create index on conversations (status, account_id)",
  "create index on conversations (status, priority)",
  "create index on conversations (identifier, account_id)",
  "create unique index on conversations (uuid)",
  ...["campaign_id", "contact_id", "contact_inbox_id", "first_reply_created_at", "inbox_id", "priority", "team_id"].map(
    column => `create index on conversations (${column})`,
  ),
  "create index on conversations (waiting_since)",
  // Upstream's of 2026, and one that it lacks.
  "create index on conversations (account_id, status, created_at)",
  "create index on conversations (last_activity_at)",
];

export const trigrams = ["create index on messages using gin (content public.gin_trgm_ops)"];
