-- Up Migration

-- Agents who were removed before have no row any more: their messages say who they were. Reads all messages once, and
-- locks nothing that others wait for.
insert into memberships (website_id, user_id, role, name, removed_at)
select m.website_id, m.author_id, 'agent', u.name, now()
from (select distinct website_id, author_id from messages where author = 'agent') m
join users u on u.id = m.author_id
on conflict (website_id, user_id) do nothing;

-- Down Migration

-- The rows go with the column removed_at.
