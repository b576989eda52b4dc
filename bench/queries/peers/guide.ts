import type pg from "pg";
import { limits } from "#protocol/limits.ts";
import { fill, indexes, tables } from "./guide-tables.ts";
import { messageLine, type Peer, type Reader, type Readers, rowLine, unreadLine, type Writer } from "./peer.ts";
import { inTransaction, prepared, randomKeyOf } from "./statements.ts";

/**
 * The first Pro LiveChat and its optimization guide: random keys, names as Sequelize writes them, every state a column to
 * filter by. With and without the guide's indexes.
 */
const guide = {
  schema: "guide",
  messages: "Messages",
  tables,
  fill,
  trigrams: [],
  readers: async (client: pg.Client) => guideReaders(client, inboxRow(pageOfConversations)),
  writer: async (client: pg.Client): Promise<Writer> => {
    const insert = prepared(
      client,
      "insert",
      `insert into "Messages" values
         (gen_random_uuid(), 'visitor', $1, 'text', $2, false, $3, now(), now(), null) returning *`,
    );
    const touch = prepared(client, "touch", `update "Conversations" set "updatedAt" = now() where "id" = $1`);
    return ({ conversationId, visitorId }, body) =>
      inTransaction(client, async () => {
        await insert(randomKeyOf(visitorId), body, randomKeyOf(conversationId));
        await touch(randomKeyOf(conversationId));
      });
  },
};

export const guideWithIndexes: Peer = {
  ...guide,
  name: "guide-indexed",
  title: "guide, indexed",
  indexes,
  asWritten: readersAsWritten,
};

export const guideWithoutIndexes: Peer = {
  ...guide,
  name: "guide-plain",
  title: "guide, no indexes",
  indexes: [],
  // Without an index, finding a last message scans all messages: one scan for all rows is the best it can do.
  readers: async client => guideReaders(client, inboxInOneScan),
};

/** The guide reads whole conversations and lists; here it gets the limits that it lacks. */
function guideReaders(client: pg.Client, inboxText: string): Readers {
  const newest = prepared(client, "newest", messagesOf("", `order by m."createdAt" desc limit $2`));
  const before = prepared(
    client,
    "before",
    messagesOf(`and m."createdAt" < $3`, `order by m."createdAt" desc limit $2`),
  );
  const unread = prepared(
    client,
    "unread",
    `select count(*)::integer as count from "Messages" m where m."conversationId" = $1 and ${isUnread}`,
  );
  const unreadOfWebsite = prepared(
    client,
    "unread-website",
    `select count(*)::integer as count
     from "Messages" m
     join "Conversations" c on c."id" = m."conversationId"
     where c."websiteId" = $1 and c."status" = 'open' and c."deletedAt" is null and ${isUnread}`,
  );
  const newestOf =
    (limit: number): Reader =>
    async ({ conversationId }) =>
      linesOf((await newest<Message>(randomKeyOf(conversationId), limit)).reverse());
  return {
    "newest-50": newestOf(50),
    "newest-50-long": newestOf(50),
    "newest-1000": newestOf(1_000),
    middle: async ({ conversationId, beforeAt }) =>
      linesOf((await before<Message>(randomKeyOf(conversationId), 50, beforeAt)).reverse()),
    "unread-conversation": async ({ conversationId }) => {
      const [row] = await unread<Count>(randomKeyOf(conversationId));
      return () => [unreadLine(row!.count)];
    },
    "unread-website": async ({ websiteId }) => {
      const [row] = await unreadOfWebsite<Count>(websiteId);
      return () => [`${row!.count} messages`];
    },
    inbox: inboxReader(client, "inbox", inboxText),
  };
}

/** As written: all messages of a conversation, and all open conversations of a website with their last messages. */
function readersAsWritten(client: pg.Client): Readers {
  const whole = prepared(client, "whole", messagesOf("", `order by m."createdAt"`));
  const wholeConversation: Reader = async ({ conversationId }) =>
    linesOf(await whole<Message>(randomKeyOf(conversationId)));
  return {
    "newest-50": wholeConversation,
    "newest-50-long": wholeConversation,
    "newest-1000": wholeConversation,
    inbox: inboxReader(client, "inbox-whole", inboxRow(openConversations)),
  };
}

type Message = { content: string; createdAt: Date };
type Count = { count: number };

const linesOf = (rows: Message[]) => () => rows.map(row => messageLine(row.createdAt, row.content));

const isUnread = `m."isRead" = false and m."senderType" = 'visitor' and m."deletedAt" is null`;

const messagesOf = (range: string, order: string) => `
  select m.*, f."id" as "fileId", f."name" as "fileName", f."url" as "fileUrl"
  from "Messages" m
  left join "files" f on f."messageId" = m."id"
  where m."conversationId" = $1 and m."deletedAt" is null ${range}
  ${order}`;

function inboxReader(client: pg.Client, name: string, text: string): Reader {
  const inbox = prepared(client, name, text);
  return async ({ websiteId }) => {
    const rows = await inbox<{ id: string; updatedAt: Date; unread: number }>(websiteId);
    return () => rows.map(row => rowLine(row.updatedAt, row.id, row.unread));
  };
}

const openConversations = `
  select *
  from "Conversations"
  where "websiteId" = $1 and "status" = 'open' and "deletedAt" is null
  order by "updatedAt" desc`;
const pageOfConversations = `${openConversations} limit ${limits.inboxPageSize}`;

const inboxRow = (conversations: string) => `
  select c.*, v."username", v."lastSeenLocation", w."name", last."content", last."senderType", last."createdAt" as "lastAt",
    (select count(*)::integer from "Messages" m where m."conversationId" = c."id" and ${isUnread}) as "unread"
  from (${conversations}) c
  join "Visitors" v on v."id" = c."visitorId"
  join "Websites" w on w."id" = c."websiteId"
  left join lateral (
    select m."content", m."senderType", m."createdAt"
    from "Messages" m
    where m."conversationId" = c."id" and m."deletedAt" is null
    order by m."createdAt" desc
    limit 1
  ) last on true
  order by c."updatedAt" desc`;

const inboxInOneScan = `
  with page as materialized (${pageOfConversations})
  select c.*, v."username", v."lastSeenLocation", w."name", newest."last", newest."unread"
  from page c
  join (
    select m."conversationId", (array_agg(m."content" order by m."createdAt" desc))[1] as "last",
      (count(*) filter (where ${isUnread}))::integer as "unread"
    from page
    join "Messages" m on m."conversationId" = page."id" and m."deletedAt" is null
    group by m."conversationId"
  ) newest on newest."conversationId" = c."id"
  join "Visitors" v on v."id" = c."visitorId"
  join "Websites" w on w."id" = c."websiteId"
  order by c."updatedAt" desc`;
