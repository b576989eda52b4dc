\set n random(1, :conversations)
begin;
update conversations
set last_seq = last_seq + 1,
  last_public_seq = last_seq + 1,
  preview = left(:body, 200),
  version = version + 1,
  last_message_at = now(),
  agent_unread = agent_unread + 1,
  may_have_unread = true,
  waiting_since = coalesce(waiting_since, now())
where website_id = :website
  and id = (:prefix::text || lpad(:n::text, 12, '0'))::uuid
returning id, last_seq
\gset
insert into messages (website_id, conversation_id, seq, id, kind, body, author)
values (:website, :id, :last_seq, uuidv7(), 'text', :body, 'visitor');
commit;
