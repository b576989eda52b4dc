-- Up Migration

-- Who runs the server: they see its database and its backups, which hold the conversations of all websites. Given with the
-- set-up, and from the terminal: prochat operators.
create table operators (
  user_id uuid primary key references users (id) on delete cascade, -- serves the question whether a user is one
  granted_at timestamptz not null default now()
);

-- Until now the server had no operators. Its first website was made with the set-up.
insert into operators (user_id)
select user_id
from memberships
where website_id = (select min(id) from websites)
  and role = 'owner'
  and removed_at is null;

-- Down Migration

drop table operators;
