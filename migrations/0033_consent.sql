-- Up Migration

-- The notice that the visitor accepted before the first message, and when; null: none was required.
alter table visitors
  add column notice_id text,
  add column notice_accepted_at timestamptz;

-- Each text that visitors of a website were asked to accept: kept after the website shows another one.
create table privacy_notices (
  website_id integer not null references websites (id) on delete cascade,
  id text not null, -- made of text and link: the same words are the same notice
  body text not null,
  link text not null,
  created_at timestamptz not null default now(),
  primary key (website_id, id)
);

-- Down Migration

drop table privacy_notices;
alter table visitors drop column notice_id, drop column notice_accepted_at;
