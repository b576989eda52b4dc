-- Up Migration

-- About how large each website is, written each night: to count exactly would read all messages.
create table website_sizes (
  website_id integer not null references websites (id) on delete cascade,
  measured_at timestamptz not null,
  messages bigint not null, -- numbers given to messages of the months that are in the database
  bytes bigint not null, -- its share of the months' sizes, with their indexes
  last_month_bytes bigint not null, -- the same of the last whole month: what it grows in a month
  primary key (website_id) -- serves the roll-up, and the largest websites: a row a website
);

-- Down Migration

drop table website_sizes;
