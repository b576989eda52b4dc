import fc from "fast-check";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { type ModelConversation, type ModelOutcome, rowInModel, writeInModel } from "#lab/history/written-model.ts";
import { createBatcher } from "#platform/batcher.ts";
import type { NewMessage, Written } from "./new-message.ts";
import { writeBatch } from "./write.ts";

let database: TestDatabase;
let connection: Connection;
/** of both websites; of the first only; of none */
const agents = [uuidv7(), uuidv7(), uuidv7()] as const;
/** two of the first website, one of the second */
const visitors = [uuidv7(), uuidv7(), uuidv7()] as const;
const members = [[], [agents[0], agents[1]], [agents[0]]];

beforeAll(async () => {
  database = await cloneDatabase();
  connection = connect({ url: database.url, poolSize: 2, onError: () => undefined });
  const { pool } = connection;
  await pool.query(
    "insert into websites (name, public_key, identity_secret, allowed_origins) select n, n, 's', '{}' from unnest('{a,b}'::text[]) n",
  );
  await pool.query("insert into users (id, name, email) select id, 'Anna', id::text from unnest($1::uuid[]) as id", [
    agents,
  ]);
  for (const websiteId of [1, 2]) {
    await pool.query("insert into memberships (website_id, user_id, role) select $1, unnest($2::uuid[]), 'agent'", [
      websiteId,
      members[websiteId],
    ]);
  }
  await pool.query(
    "insert into visitors (website_id, id, name) select unnest('{1,1,2}'::integer[]), unnest($1::uuid[]), 'Vic'",
    [visitors],
  );
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

/** Four of the first website and two of the second, of which one has the id of one of the first's. */
async function createConversations(): Promise<ModelConversation[]> {
  const [first, second, third] = visitors;
  const ids = Array.from({ length: 5 }, () => uuidv7());
  const conversations = [
    [1, first, ids[0]!],
    [1, second, ids[1]!],
    [1, first, ids[2]!],
    [1, second, ids[3]!],
    [2, third, ids[4]!],
    [2, third, ids[0]!],
  ] as const;
  for (const [websiteId, visitorId, id] of conversations) {
    await connection.pool.query("insert into conversations (website_id, id, visitor_id) values ($1, $2, $3)", [
      websiteId,
      id,
      visitorId,
    ]);
  }
  return conversations.map(([websiteId, visitorId, id]) => {
    return { websiteId, visitorId, id, members: members[websiteId]!, state: "open", messages: [] };
  });
}

/** One of them has expired, another one is deleted. */
async function expireAndDelete([, , old, deleted]: ModelConversation[]) {
  await connection.pool.query(
    "update conversations set created_at = created_at - interval '31 days' where website_id = $1 and id = $2",
    [old!.websiteId, old!.id],
  );
  await connection.pool.query("update conversations set deleted_at = now() where website_id = $1 and id = $2", [
    deleted!.websiteId,
    deleted!.id,
  ]);
  old!.state = "expired";
  deleted!.state = "deleted";
}

/** Any author writes to any conversation, with few ids, so that many are repeated. */
const someDraft = fc.record({
  place: fc.nat(6),
  author: fc.constantFrom(
    ...agents.map(authorId => ({ author: "agent", authorId }) as const),
    ...visitors.flatMap(authorId => [
      { author: "visitor", authorId } as const,
      { author: "visitor", authorId } as const,
    ]),
  ),
  id: fc.nat(24),
  note: fc.boolean(),
  body: fc.oneof(
    fc.constantFrom("NULL", '{"a", \\b}', "x".repeat(300)),
    fc.string({ unit: "grapheme", maxLength: 30 }).filter(body => !body.includes("\0")),
  ),
});
const someBatches = fc.array(fc.array(someDraft, { minLength: 1, maxLength: 60, size: "max" }), {
  minLength: 1,
  maxLength: 4,
});

test("batches of any messages end as if each message had been written alone", async () => {
  await fc.assert(
    fc.asyncProperty(someBatches, async batches => {
      const conversations = await createConversations();
      const places = [...conversations, { websiteId: 2, id: uuidv7() }];
      const ids = Array.from({ length: 25 }, () => uuidv7());
      for (const [turn, batch] of batches.entries()) {
        if (turn === 1) await expireAndDelete(conversations);
        const drafts = batch.map(({ place, author, id, note, body }): NewMessage => {
          const { websiteId, id: conversationId } = places[place]!;
          const kind = note && author.author === "agent" ? "note" : "text";
          return { websiteId, conversationId, id: ids[id]!, kind, body, ...author };
        });
        const written = await writeBatch(connection.pipelines, drafts);
        expect(written.map(asInModel)).toEqual(writeInModel(conversations, drafts));
        for (const [i, each] of written.entries()) {
          if ("conversation" in each) expect(each.conversation).toMatchObject(namesOf(conversations, drafts[i]!));
        }
      }
      for (const conversation of conversations) await expectStored(conversation);
    }),
    { numRuns: 60 },
  );
  expect(await findDrift(connection.db, { sinceHours: 1 })).toEqual([]);
});

function asInModel(written: Written): ModelOutcome {
  if (!("message" in written)) return { outcome: written.outcome };
  const { seq, previousPublicSeq, kind, body, createdAt } = written.message;
  expect(createdAt).toBeInstanceOf(Date);
  expect(written.conversation.lastSeq).toBeGreaterThanOrEqual(seq);
  return { outcome: written.outcome, seq, previousPublicSeq, kind, body };
}

function namesOf(conversations: ModelConversation[], { websiteId, conversationId }: NewMessage) {
  const { visitorId } = conversations.find(each => each.websiteId === websiteId && each.id === conversationId)!;
  return { websiteId, id: conversationId, visitorId, visitorName: "Vic" };
}

async function expectStored(conversation: ModelConversation) {
  const key = [conversation.websiteId, conversation.id];
  const { rows: messages } = await connection.pool.query(
    `select id, kind, body, author, coalesce(author_id, $3) as "authorId", seq
     from messages where website_id = $1 and conversation_id = $2 order by seq`,
    [...key, conversation.visitorId],
  );
  expect(messages).toEqual(conversation.messages);
  const { rows } = await connection.pool.query(
    `select last_seq as "lastSeq", last_public_seq as "lastPublicSeq", preview, preview_author as "previewAuthor",
       agent_unread as "agentUnread", visitor_unread as "visitorUnread", waiting_since is not null as waiting,
       first_reply_at is not null as answered
     from conversations where website_id = $1 and id = $2`,
    key,
  );
  const { preview, ...row } = rowInModel(conversation);
  expect(rows).toEqual([{ ...row, preview: expect.any(String) }]);
  // Node counts an emoji as two.
  expect(rows[0].preview.startsWith(preview.slice(0, 100))).toBe(true);
}

const draftOf = (conversation: ModelConversation, body = "Hello"): NewMessage => ({
  websiteId: conversation.websiteId,
  conversationId: conversation.id,
  id: uuidv7(),
  kind: "text",
  body,
  author: "visitor",
  authorId: conversation.visitorId,
});

test("batches that cross each other in a few conversations neither deadlock nor leave a gap", async () => {
  const conversations = await createConversations();
  const send = createBatcher((drafts: NewMessage[]) => writeBatch(connection.pipelines, drafts), { maxItems: 7 });
  const count = 420;
  const written = await Promise.all(
    Array.from({ length: count }, (_, i) => send(draftOf(conversations[i % conversations.length]!))),
  );
  for (const i of conversations.keys()) {
    const seqs = written.flatMap((each, j) =>
      j % conversations.length === i && "message" in each ? each.message.seq : [],
    );
    expect(seqs.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: count / conversations.length }, (_, j) => j + 1),
    );
  }
});

test("a body that PostgreSQL cannot store fails alone", async () => {
  const [conversation] = await createConversations();
  const send = createBatcher((drafts: NewMessage[]) => writeBatch(connection.pipelines, drafts), { maxRunning: 1 });
  const bodies = ["one", "two", "nul \0", "four", "five"];
  const settled = await Promise.allSettled(bodies.map(body => send(draftOf(conversation!, body))));
  expect(settled.map(({ status }) => status)).toEqual([
    ...Array(2).fill("fulfilled"),
    "rejected",
    ...Array(2).fill("fulfilled"),
  ]);
  const { rows } = await connection.pool.query(
    "select seq, body from messages where website_id = $1 and conversation_id = $2 order by seq",
    [conversation!.websiteId, conversation!.id],
  );
  expect(rows).toEqual(["one", "two", "four", "five"].map((body, i) => ({ seq: i + 1, body })));
});

test("a batch whose connection breaks is retried, and stores each message once", async () => {
  const [conversation] = await createConversations();
  let breaks = 2;
  const send = createBatcher(
    async (drafts: NewMessage[]) => {
      const written = await writeBatch(connection.pipelines, drafts);
      // The answer is lost on its way, after the commit.
      if (breaks-- > 0) throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
      return written;
    },
    { maxRunning: 1 },
  );
  const written = await Promise.all(Array.from({ length: 9 }, () => send(draftOf(conversation!))));
  expect(written.map(each => [each.outcome, "message" in each && each.message.seq])).toEqual(
    Array.from({ length: 9 }, (_, i) => ["duplicate", i + 1]),
  );
});

test("a batch creates the missing partitions of its months", async () => {
  const conversations = await createConversations();
  for (const [i, conversation] of conversations.entries()) {
    const began = new Date(Date.UTC(2041 + (i % 2), 0, 31, 23, 59, 59, 999)).getTime().toString(16).padStart(12, "0");
    const id = `${began.slice(0, 8)}-${began.slice(8)}${uuidv7().slice(13)}`;
    await connection.pool.query("update conversations set id = $3 where website_id = $1 and id = $2", [
      conversation.websiteId,
      conversation.id,
      id,
    ]);
    conversation.id = id;
  }
  const written = await writeBatch(
    connection.pipelines,
    conversations.map(conversation => draftOf(conversation)),
  );
  expect(written.map(({ outcome }) => outcome)).toEqual(conversations.map(() => "inserted"));
  const { rows } = await connection.pool.query(
    "select relname from pg_class where relname ~ '^messages_204._..$' order by relname",
  );
  expect(rows.map(row => row.relname)).toEqual(["messages_2041_01", "messages_2042_01"]);
});
