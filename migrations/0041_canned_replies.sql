-- Up Migration

-- Texts that agents use again and again: a website's, or one agent's own.
create table canned_replies (
  website_id integer not null,
  id uuid not null,
  owner_id uuid, -- the agent who alone sees it; null: all agents of the website
  shortcut text not null, -- what an agent types after "/"
  body text not null, -- with placeholders such as {visitor.name}
  created_at timestamptz not null default now(),
  primary key (website_id, id),
  foreign key (website_id, owner_id) references memberships (website_id, user_id)
);

-- Serves the list of an agent, and "two of one list never have the same shortcut; capitals do not count".
create unique index canned_replies_by_shortcut on canned_replies (website_id, owner_id, lower(shortcut)) nulls not distinct;

-- Down Migration

drop table canned_replies;
