import type pg from "pg";
import { fill, indexes, tables, trigrams } from "./libredesk-tables.ts";
import { messageLine, type Peer, type Reader, type Readers, rowLine, type Target, unreadLine } from "./peer.ts";
import { inTransaction, prepared, randomKeyOf } from "./statements.ts";

/** LibreDesk: one statement a page, which also counts all rows that the page is part of. */
export const libredesk: Peer = {
  name: "libredesk",
  title: "LibreDesk",
  schema: "libredesk",
  messages: "conversation_messages",
  tables,
  fill,
  indexes,
  trigrams,
  readers,
  async writer(client) {
    const insert = prepared(client, "insert", insertText);
    const touch = prepared(client, "touch", touchText);
    return ({ conversationId }, body) =>
      inTransaction(client, async () => {
        const [row] = await insert<{ sender_id: string; created_at: Date }>(conversationId, body);
        await touch(conversationId, body, row!.created_at, row!.sender_id);
      });
  },
};

type Message = { text_content: string; created_at: Date };

const page = `
  select count(*) over () as total, m.*, $1::uuid as conversation_uuid, u.first_name, u.last_name, u.email, u.avatar_url,
    u.availability_status, u.type as author_type, u.last_active_at,
    coalesce((
      select json_agg(json_build_object('name', filename, 'content_type', content_type, 'uuid', uuid, 'size', size,
        'content_id', content_id, 'disposition', disposition) order by filename)
      from media
      where model_type = 'messages' and model_id = m.id
    ), '[]'::json) as attachments
  from conversation_messages m
  join users u on u.id = m.sender_id
  where m.conversation_id = (select id from conversations where uuid = $1 limit 1)
    and (m.meta is null or not coalesce((m.meta ->> 'continuity_email')::boolean, false))
  order by m.created_at desc
  limit $2 offset $3`;

/** How many messages are newer than this user's last look, up to 10. */
const unreadOf = (conversation: string, user: string) => `(
  select case when count(*) > 9 then 10 else count(*) end::integer
  from (
    select from conversation_messages m
    where m.conversation_id = ${conversation}
      and m.created_at > coalesce((
        select last_seen_at from conversation_last_seen s where s.conversation_id = ${conversation} and s.user_id = ${user}
      ), '1970-01-01'::timestamptz)
      and (m.meta is null or not coalesce((m.meta ->> 'continuity_email')::boolean, false))
    limit 10
  ) newer)`;

/** A conversation by its uuid, with the names that belong to it. */
const unreadText = `
  select c.id, c.uuid, c.created_at, c.last_interaction, c.last_interaction_at, c.last_interaction_sender, s.name as status,
    a.first_name, a.avatar_url, a.availability_status, ${unreadOf("c.id", "$2")} as unread
  from conversations c
  join inboxes i on i.id = c.inbox_id
  left join conversation_statuses s on s.id = c.status_id
  left join users a on a.id = c.assigned_user_id
  where c.uuid = $1`;

const inboxText = `
  select count(*) over () as total, c.id, c.uuid, c.created_at, c.updated_at, c.reference_number, c.waiting_since,
    u.first_name, u.last_name, u.email, u.avatar_url, i.channel, i.name as inbox, c.first_reply_at, c.last_reply_at,
    c.subject, c.last_message, c.last_message_at, c.last_message_sender, c.last_interaction, c.last_interaction_at,
    c.last_interaction_sender, c.priority_id, ${unreadOf("c.id", "$1")} as unread, s.name as status, p.name as priority
  from conversations c
  join users u on u.id = c.contact_id
  join inboxes i on i.id = c.inbox_id
  left join conversation_statuses s on s.id = c.status_id
  left join conversation_priorities p on p.id = c.priority_id
  where c.inbox_id = $2 and c.status_id = 1
  order by c.last_message_at desc
  limit 25 offset 0`;

async function readers(client: pg.Client, targets: Target[]): Promise<Readers> {
  const users = await findIds(
    client,
    "users",
    targets.map(({ agentId }) => agentId),
  );
  const ids = await findIds(
    client,
    "conversations",
    targets.map(({ conversationId }) => conversationId),
  );
  const messages = prepared(client, "messages", page);
  const unread = prepared(client, "unread", unreadText);
  const inbox = prepared(client, "inbox", inboxText);
  const offsets = await findOffsets(client, targets, ids);
  const pageOf =
    (limit: number, offset: (target: Target) => number): Reader =>
    async target => {
      const found = await messages<Message>(target.conversationId, limit, offset(target));
      return () => found.map(row => messageLine(row.created_at, row.text_content)).reverse();
    };
  return {
    "newest-50": pageOf(50, () => 0),
    "newest-50-long": pageOf(50, () => 0),
    "newest-1000": pageOf(1_000, () => 0),
    middle: pageOf(50, target => offsets.get(target)!),
    "unread-conversation": async ({ conversationId, agentId }) => {
      const [row] = await unread<{ unread: number }>(conversationId, users.get(agentId));
      return () => [unreadLine(row!.unread)];
    },
    inbox: async ({ websiteId, agentId }) => {
      const found = await inbox<{ last_message_at: Date; uuid: string; unread: number }>(users.get(agentId), websiteId);
      return () => found.map(row => rowLine(row.last_message_at, randomKeyOf(row.uuid), row.unread));
    },
  };
}

/** Its own ids by the product's. */
async function findIds(
  client: pg.Client,
  table: "users" | "conversations",
  uuids: string[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ uuid: string; id: string }>(
    `select uuid, id from ${table} where uuid = any($1)`,
    [uuids],
  );
  return new Map(rows.map(({ uuid, id }) => [uuid, id]));
}

/** Its pages count from the newest message: the offset of a message in the middle. */
async function findOffsets(client: pg.Client, targets: Target[], ids: Map<string, string>) {
  const offsets = new Map<Target, number>();
  for (const target of targets) {
    if (target.beforeSeq === 0) continue;
    const { rows } = await client.query(
      "select count(*)::integer as count from conversation_messages where conversation_id = $1 and created_at >= $2",
      [ids.get(target.conversationId), target.beforeAt],
    );
    offsets.set(target, rows[0].count);
  }
  return offsets;
}

const insertText = `
  with conversation as (
    select id, contact_id from conversations where uuid = $1
  )
  insert into conversation_messages (type, status, conversation_id, content, text_content, sender_id, sender_type, private,
    content_type, meta)
  select 'incoming', 'received', id, $2, $2, contact_id, 'contact', false, 'text', '{}'
  from conversation
  returning *`;

const touchText = `
  update conversations
  set last_message = $2, last_message_sender = 'contact', last_message_sender_id = $4, last_message_at = $3,
    last_interaction = $2, last_interaction_sender = 'contact', last_interaction_sender_id = $4, last_interaction_at = $3,
    updated_at = now()
  where uuid = $1`;
