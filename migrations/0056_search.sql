-- Up Migration

-- The words of each message that is not deleted, made by src/database/search/words.ts. A partition a month, as messages has:
-- message_search_2026_11 holds the words of messages_2026_11, wherever that month is, and goes with it.
create table message_search (
  website_id integer not null,
  conversation_id uuid not null,
  seq integer not null,
  created_at timestamptz not null, -- of the message
  words tsvector not null, -- each begins with the website: one website's words never meet those of another
  primary key (website_id, conversation_id, seq)
) partition by range (conversation_id);

-- Serves the newest messages with a word that most of them have, and searches without a word.
create index message_search_by_time on message_search (website_id, created_at desc);

-- Serves a search for words. What waits in the list of new entries is read by every search, and makes a small table seem cheaper
-- to read whole: it has the shortest list that PostgreSQL allows.
create index message_search_words on message_search using gin (words) with (gin_pending_list_limit = 64);

-- The words of each visitor's name, e-mail address and id in the website's own system.
create table visitor_search (
  website_id integer not null,
  visitor_id uuid not null,
  words tsvector not null,
  primary key (website_id, visitor_id),
  foreign key (website_id, visitor_id) references visitors (website_id, id) on delete cascade
);

-- Serves the search for people.
create index visitor_search_words on visitor_search using gin (words) with (gin_pending_list_limit = 64);

-- The planner's statistics would keep words of erased people, and make plans depend on them.
alter table message_search alter column words set statistics 0;
alter table visitor_search alter column words set statistics 0;

-- What was written and is not in the index yet. A batch of messages adds one row, in its own transaction; the indexer removes
-- the row in the transaction that writes its words: docs/decisions/0056-search.md.
create table search_queue (
  id bigint generated always as identity primary key,
  website_ids integer[] not null,
  ids uuid[] not null, -- of conversations, or of visitors
  seqs integer[], -- the messages of the conversations; null: these are visitors
  queued_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- How far the messages are indexed that were there before the index. A month of new messages begins finished.
create table search_months (
  month date primary key,
  website_id integer, -- the last message that is indexed; null: none yet
  conversation_id uuid,
  seq integer,
  messages bigint not null default 0, -- indexed so far by this
  finished_at timestamptz
);

-- The same for visitors: one row.
create table search_visitors (
  id boolean primary key default true check (id),
  website_id integer,
  visitor_id uuid,
  finished_at timestamptz
);
insert into search_visitors default values;

-- Up to when messages are known to be in the queue or in the index. A server of a version before this one writes no queue: what
-- it wrote since is looked for each hour (src/database/search/reconcile.ts). One row.
create table search_check (
  id boolean primary key default true check (id),
  checked_at timestamptz not null default now()
);
insert into search_check default values;

-- Statistics would keep ids of erased people.
alter table search_queue alter column ids set statistics 0;
alter table search_months alter column conversation_id set statistics 0;
alter table search_visitors alter column visitor_id set statistics 0;

-- Makes the tables of words for all months of messages that have none. A month that has messages already is to be filled.
create function make_search_months() returns integer
language plpgsql as $$
declare
  part record;
  name text;
  has_messages boolean;
  made integer := 0;
  home text := (
    select nspname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = 'message_search'::regclass
  );
begin
  for part in select month, from_id, until_id from message_months where state <> 'dropped' order by month loop
    name := 'message_search_' || to_char(part.month, 'YYYY_MM');
    if to_regclass(format('%I.%I', home, name)) is null then
      -- Keeps out other makers, but no reader and no writer.
      lock table message_search in share update exclusive mode;
      if to_regclass(format('%I.%I', home, name)) is null then
        execute format(
          'create table %I.%I (like message_search including all, '
            'constraint month_bounds check (conversation_id >= %L and conversation_id < %L))',
          home, name, part.from_id, part.until_id);
        execute format('alter table %I.%I alter column words set statistics 0', home, name);
        execute format(
          'alter table message_search attach partition %I.%I for values from (%L) to (%L)',
          home, name, part.from_id, part.until_id);
        execute format('select exists (select from %I.%I)', home, 'messages_' || to_char(part.month, 'YYYY_MM'))
          into has_messages;
        insert into search_months (month, finished_at)
        values (part.month, case when not has_messages then now() end)
        on conflict (month) do nothing;
        made := made + 1;
      end if;
    end if;
  end loop;
  return made;
end $$;

select make_search_months();

-- Visitors are written in many places, and few of them have a name: a trigger sees them all and costs the others nothing.
create function queue_visitor_search() returns trigger
language plpgsql as $$
begin
  insert into search_queue (website_ids, ids) values (array[new.website_id], array[new.id]);
  return null;
end $$;

create trigger queue_search_of_new after insert on visitors
  for each row
  when (new.name is not null or new.email is not null or new.external_id is not null)
  execute function queue_visitor_search();

create trigger queue_search after update on visitors
  for each row
  when (new.name is distinct from old.name or new.email is distinct from old.email
    or new.external_id is distinct from old.external_id or new.deleted_external_id is distinct from old.deleted_external_id)
  execute function queue_visitor_search();

-- Down Migration

drop trigger queue_search on visitors;
drop trigger queue_search_of_new on visitors;
drop function queue_visitor_search;
drop function make_search_months;
drop table message_search, visitor_search, search_queue, search_months, search_visitors, search_check;
