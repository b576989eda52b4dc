-- Up Migration

-- A website's own labels for its conversations.
create table tags (
  website_id integer not null,
  id uuid not null,
  name text not null,
  colour text not null, -- #rrggbb
  created_at timestamptz not null default now(),
  primary key (website_id, id)
);

-- Serves "two tags of a website never have the same name; capitals do not count".
create unique index tags_by_name on tags (website_id, lower(name));

-- Which conversations have a tag. conversations.tag_ids says the same the other way round, because the inbox shows what
-- stands in the conversation's row.
create table conversation_tags (
  website_id integer not null,
  conversation_id uuid not null,
  tag_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (website_id, conversation_id, tag_id),
  foreign key (website_id, conversation_id) references conversations (website_id, id),
  foreign key (website_id, tag_id) references tags (website_id, id) on delete cascade
);

-- Serves the inbox of one tag, and the deletion of a tag.
create index conversation_tags_by_tag on conversation_tags (website_id, tag_id, conversation_id desc);

alter table conversations add column tag_ids uuid[] not null default '{}';

-- Down Migration

alter table conversations drop column tag_ids;
drop table conversation_tags, tags;
