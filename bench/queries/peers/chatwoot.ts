import type pg from "pg";
import { fill, indexes, tables, trigrams } from "./chatwoot-tables.ts";
import {
  messageLine,
  type Peer,
  type Reader,
  type Readers,
  rowLine,
  type Target,
  unreadLine,
  type Writer,
} from "./peer.ts";
import { inTransaction, prepared, randomKeyOf } from "./statements.ts";

/** Chatwoot: a page takes several statements, each sent after the answer to the one before. */
export const chatwoot: Peer = {
  name: "chatwoot",
  title: "Chatwoot",
  schema: "chatwoot",
  messages: "messages",
  tables,
  fill,
  indexes,
  trigrams,
  readers,
  writer,
};

type Conversation = {
  id: number;
  accountId: number;
  uuid: string;
  displayId: number;
  contactId: number;
  lastSeen: string;
  lastActivity: Date;
  assigneeId: number | null;
};
type Message = { id: number; content: string; created_at: Date; sender_type: string | null; sender_id: number | null };

const conversationColumns = `*, account_id as "accountId", display_id as "displayId", contact_id::integer as "contactId",
  agent_last_seen_at::text as "lastSeen", last_activity_at as "lastActivity", assignee_id as "assigneeId"`;
const pageSize = 25;

async function readers(client: pg.Client, targets: Target[]): Promise<Readers> {
  const conversations = await findConversations(client, targets);
  const userId = await findUser(client, targets[0]!.agentId);
  const bounds = await findBounds(client, targets, conversations);
  const newest = prepared(client, "newest", messagesWhere("", 3));
  const before = prepared(client, "before", messagesWhere("and id < $3", 4));
  const withSenders = senders(client);
  const unread = unreadOf(client);
  // The conversation has the time at which an agent last looked.
  const find = prepared(
    client,
    "find",
    `select ${conversationColumns} from conversations where account_id = $1 and display_id = $2 limit 1`,
  );
  const newestOf =
    (limit: number): Reader =>
    async ({ conversationId }) => {
      const { id, accountId } = conversations.get(conversationId)!;
      return linesOf(await withSenders(await newest<Message>(id, accountId, limit)));
    };
  return {
    "newest-50": newestOf(50),
    "newest-50-long": newestOf(50),
    "newest-1000": newestOf(1_000),
    middle: async target => {
      const { id, accountId } = conversations.get(target.conversationId)!;
      return linesOf(await withSenders(await before<Message>(id, accountId, bounds.get(target), 50)));
    },
    "unread-conversation": async ({ conversationId }) => {
      const { accountId, displayId } = conversations.get(conversationId)!;
      const [conversation] = await find<Conversation>(accountId, displayId);
      const rows = await unread(conversation!);
      return () => [unreadLine(rows.length)];
    },
    inbox: inboxReader(client, userId, unread),
  };
}

const messagesWhere = (bound: string, limit: number) => `
  select *
  from messages
  where conversation_id = $1 and account_id = $2 ${bound}
  order by created_at desc
  limit $${limit}`;

const linesOf = (rows: Message[]) => () => rows.map(row => messageLine(row.created_at, row.content)).reverse();

/** What a page preloads: attachments and senders. */
function senders(client: pg.Client) {
  const attachments = prepared(client, "attachments", "select * from attachments where message_id = any($1)");
  const contacts = prepared(client, "contacts", "select * from contacts where id = any($1)");
  const users = prepared(client, "users", "select * from users where id = any($1)");
  return async (messages: Message[]) => {
    const idsOf = (type: string) => [
      ...new Set(messages.filter(({ sender_type }) => sender_type === type).map(({ sender_id }) => sender_id)),
    ];
    await attachments(messages.map(({ id }) => id));
    await contacts(idsOf("Contact"));
    await users(idsOf("User"));
    return messages;
  };
}

/** The newest incoming messages, at most 10, since an agent last looked. */
function unreadOf(client: pg.Client) {
  const unread = prepared(
    client,
    "unread",
    `select *
     from messages
     where conversation_id = $1 and account_id = $2 and message_type = 0 and created_at > $3::timestamp
     order by created_at desc
     limit 10`,
  );
  return ({ id, accountId, lastSeen }: Conversation) => unread<Message>(id, accountId, lastSeen);
}

function inboxReader(client: pg.Client, userId: number, unread: ReturnType<typeof unreadOf>): Reader {
  const page = prepared(
    client,
    "inbox",
    `select ${conversationColumns}
     from conversations
     where account_id = $1 and inbox_id = any($2) and status = 0
     order by last_activity_at desc
     limit ${pageSize} offset $3`,
  );
  const inScope = "select count(*) from conversations where account_id = $1 and inbox_id = any($2) and status = 0";
  const mine = prepared(client, "mine", `${inScope} and assignee_id = $3`);
  const unassigned = prepared(client, "unassigned", `${inScope} and assignee_id is null`);
  const all = prepared(client, "all", inScope);
  const contacts = prepared(client, "contacts", "select * from contacts where id = any($1)");
  const users = prepared(client, "users", "select * from users where id = any($1)");
  const last = prepared(client, "last", messagesWhere("", 3));
  const lastMessage = prepared(client, "last-message", messagesWhere("and message_type <> 2", 3));
  return async ({ websiteId }) => {
    const scope = [websiteId, [websiteId]];
    await mine(...scope, userId);
    await unassigned(...scope);
    await all(...scope);
    const rows = await page<Conversation>(...scope, 0);
    await contacts(rows.map(({ contactId }) => contactId));
    await users(rows.map(({ assigneeId }) => assigneeId).filter(id => id !== null));
    const counts: number[] = [];
    for (const row of rows) {
      counts.push((await unread(row)).length);
      await last(row.id, row.accountId, 1);
      await lastMessage(row.id, row.accountId, 1);
    }
    return () => rows.map((row, i) => rowLine(row.lastActivity, randomKeyOf(row.uuid), counts[i]!));
  };
}

async function writer(client: pg.Client, targets: Target[]): Promise<Writer> {
  const conversations = await findConversations(client, targets);
  const insert = prepared(
    client,
    "insert",
    `insert into messages (content, account_id, inbox_id, conversation_id, message_type, created_at, updated_at,
       sender_type, sender_id, processed_message_content)
     values ($1, $2, $2, $3, 0, now(), now(), 'Contact', $4, $1)
     returning id`,
  );
  const touch = prepared(
    client,
    "touch",
    `update conversations
     set updated_at = now(), last_activity_at = now(), waiting_since = coalesce(waiting_since, now())
     where id = $1`,
  );
  return ({ conversationId }, body) => {
    const { id, accountId, contactId } = conversations.get(conversationId)!;
    return inTransaction(client, async () => {
      await insert(body, accountId, id, contactId);
      await touch(id);
    });
  };
}

/** Its conversations by the product's ids. */
async function findConversations(client: pg.Client, targets: Target[]): Promise<Map<string, Conversation>> {
  const { rows } = await client.query<Conversation>(
    `select ${conversationColumns} from conversations where uuid = any($1)`,
    [targets.map(({ conversationId }) => conversationId)],
  );
  return new Map(rows.map(row => [row.uuid, row]));
}

async function findUser(client: pg.Client, uuid: string): Promise<number> {
  const { rows } = await client.query("select id from users where uuid = $1", [uuid]);
  return rows[0].id;
}

/** The id that a page in the middle ends before. */
async function findBounds(client: pg.Client, targets: Target[], conversations: Map<string, Conversation>) {
  const bounds = new Map<Target, number>();
  for (const target of targets) {
    if (target.beforeSeq === 0) continue;
    const { rows } = await client.query(
      "select min(id) as id from messages where conversation_id = $1 and created_at >= $2::timestamptz at time zone 'utc'",
      [conversations.get(target.conversationId)!.id, target.beforeAt],
    );
    bounds.set(target, rows[0].id);
  }
  return bounds;
}
