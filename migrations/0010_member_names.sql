-- Up Migration

alter table memberships
  add column name text not null default '', -- as this website shows the agent
  add column removed_at timestamptz; -- null: a member. A former agent's row stays, and names them at their messages

-- Down Migration

-- The program before takes every row for a member.
-- Allow long lock: there is a row for each agent who was ever removed
delete from memberships where removed_at is not null;
alter table memberships drop column removed_at, drop column name;
