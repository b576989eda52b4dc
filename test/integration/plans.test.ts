import { type CompiledQuery, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import type { Db } from "#database/connect.ts";
import type { DB } from "#database/tables.ts";
import { countAfter, findConversation, findCurrentConversation } from "#server/features/conversations/queries.ts";
import { countUnread, listHeads, listInbox } from "#server/features/inbox/queries.ts";
import { listMessages } from "#server/features/messages/queries.ts";
import { writeStatements } from "#server/features/messages/write.ts";
import { listWebsites } from "#server/features/websites/queries.ts";
import { cloneDatabase, type TestDatabase } from "#test/harness/databases.ts";
import { explain, type Touched } from "#test/harness/plans.ts";
import { populate } from "#test/harness/population.ts";

/**
 * Each query of the product, as it is really sent, on 12,000 conversations of 10 messages: which indexes it touches and
 * how many rows it reads to give its answer. A page that read more would cost more as the tables grow.
 */

let database: TestDatabase;
let client: pg.Client;
let pool: pg.Pool;
let db: Db;
let sent: CompiledQuery[] = [];
let agentId: string;
let conversation: { websiteId: number; conversationId: string; visitorId: string };

beforeAll(async () => {
  database = await cloneDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  ({ agentId } = await populate(client, { websites: 3, conversations: 12_000, messagesEach: 10 }));
  const { rows } = await client.query(
    `select website_id as "websiteId", id as "conversationId", visitor_id as "visitorId"
     from conversations where status = 'open' order by id limit 1`,
  );
  conversation = rows[0];
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  db = new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    log(event) {
      sent.push(event.query);
    },
  });
}, 60_000);
afterAll(async () => {
  await db.destroy();
  await client.end();
  await database.drop();
});

/** Of the one statement that the query sends. */
async function touchedBy(query: () => Promise<unknown>): Promise<Touched> {
  sent = [];
  await query();
  expect(sent).toHaveLength(1);
  return explain(client, sent[0]!.sql, [...sent[0]!.parameters]);
}

const partOf = (touched: Touched, table: RegExp) => touched.indexes.filter(name => table.test(name));
const page = 50;

test.each([
  ["the newest messages of a conversation", {}],
  ["the messages before one", { before: 9 }],
  ["the messages after one", { after: 3 }],
])("%s are read from one index of one partition, in order", async (_name, range) => {
  for (const publicOnly of [true, false]) {
    const touched = await touchedBy(() => listMessages(db, { ...conversation, ...range, limit: 5, publicOnly }));
    expect(touched.sequential.filter(table => table !== "users")).toEqual([]);
    expect(partOf(touched, /^messages/)).toHaveLength(1);
    expect(partOf(touched, /^messages/)[0]).toMatch(/^messages_\d{4}_\d{2}_pkey$/);
    expect(touched.rowsRead).toBeLessThanOrEqual(6 * 3);
    expect(touched.sorts).toBe(0);
  }
});

test.each([
  ["all", "conversations_by_status"],
  ["resolved", "conversations_by_status"],
  ["mine", "conversations_by_assignee"],
  ["unassigned", "conversations_unassigned"],
] as const)("the inbox view %s reads a page of its own index, first and later", async (view, index) => {
  const scope = { websiteId: conversation.websiteId, userId: agentId, view, limit: page };
  const first = await listInbox(db, { ...scope, cursor: null });
  expect(first.nextCursor).not.toBeNull();
  for (const cursor of [null, first.nextCursor]) {
    const touched = await touchedBy(() => listInbox(db, { ...scope, cursor }));
    expect(touched.sequential.filter(table => table !== "users")).toEqual([]);
    expect(partOf(touched, /^conversations/)).toEqual([index]);
    // a conversation, its visitor, its assignee
    expect(touched.rowsRead).toBeLessThanOrEqual((page + 1) * 3);
  }
});

test("unread conversations are counted from an index that holds nothing else", async () => {
  const touched = await touchedBy(() => countUnread(db, { websiteId: conversation.websiteId, userId: agentId }));
  expect(touched.sequential).toEqual([]);
  expect(touched.indexes).toEqual(["conversations_unread"]);
});

test("the websites of an agent count their unread from that index too", async () => {
  const touched = await touchedBy(() => listWebsites(db, agentId));
  expect(partOf(touched, /^conversations/)).toEqual(["conversations_unread"]);
  expect(touched.sequential.filter(table => !["websites", "memberships"].includes(table))).toEqual([]);
});

test("a visitor's current conversation is one row of one index", async () => {
  const touched = await touchedBy(() => findCurrentConversation(db, conversation));
  expect(partOf(touched, /^conversations/)).toEqual(["conversations_by_visitor"]);
  expect(touched.sequential.filter(table => table !== "users")).toEqual([]);
});

test("a conversation is found by its key", async () => {
  const touched = await touchedBy(() => findConversation(db, conversation));
  expect(partOf(touched, /^conversations/)).toEqual(["conversations_pkey"]);
});

test("what changed lately is read from the index of the inbox", async () => {
  const touched = await touchedBy(() => listHeads(db, conversation.websiteId, { sinceMs: 60_000, limit: 200 }));
  expect(touched.sequential).toEqual([]);
  expect(new Set(touched.indexes)).toEqual(new Set(["conversations_by_status"]));
});

test("what follows a read cursor is a range of the primary key", async () => {
  const touched = await touchedBy(() => countAfter(db, { ...conversation, seq: 5, author: "visitor" }));
  expect(touched.sequential).toEqual([]);
  expect(touched.indexes).toEqual([expect.stringMatching(/^messages_\d{4}_\d{2}_pkey$/)]);
  expect(touched.rowsRead).toBeLessThanOrEqual(5);
});

test("a batch of sends finds its conversations and earlier copies by key, and scans no table", async () => {
  const drafts = Array.from({ length: 10 }, () => ({
    ...conversation,
    id: newId(),
    kind: "text" as const,
    body: "Hello",
    author: "visitor" as const,
    authorId: conversation.visitorId,
  }));
  await client.query("begin");
  for (const { text, values } of writeStatements(drafts)) {
    const { sequential, rowsRead } = await explain(client, text, values);
    expect(sequential.filter(table => !["users", "memberships"].includes(table))).toEqual([]);
    expect(rowsRead).toBeLessThan(500);
  }
  await client.query("rollback");
});
