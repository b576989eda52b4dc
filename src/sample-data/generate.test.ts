import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { type Generated, generate } from "./generate.ts";

/** Generated rows keep every rule that the product's own writes keep. */

let database: TestDatabase;
let connection: Connection;
let client: pg.Client;
let generated: Generated;
const progress: number[] = [];
beforeAll(async () => {
  database = await cloneDatabase();
  const options = { messages: 200_000, months: 6, websites: 40 };
  generated = await generate(database.url, options, messages => progress.push(messages));
  connection = connect({ url: database.url, poolSize: 1, onError: () => undefined });
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await connection.close();
  await database.drop();
});

async function one(sql: string): Promise<Record<string, number>> {
  const { rows } = await client.query(sql);
  return rows[0];
}

/** The number of rows of a table (or join) that break a rule. */
const countOf = async (from: string, rule: string) =>
  (await one(`select count(*)::integer as count from ${from} where ${rule}`)).count;

const withConversation = "messages m join conversations c on c.website_id = m.website_id and c.id = m.conversation_id";

test("it makes as many messages as asked for, reports its progress and counts all rows", async () => {
  const counts = await one(`
    select (select count(*)::integer from messages) as messages,
      (select count(*)::integer from conversations) as conversations,
      (select count(*)::integer from visitors) as visitors,
      (select count(*)::integer from websites) as websites`);
  expect(counts).toMatchObject({ messages: 200_000, websites: 40 });
  expect(generated).toMatchObject(counts);
  expect(progress.at(-1)).toBe(200_000);
  expect(progress.toSorted((a, b) => a - b)).toEqual(progress);
});

test("the server indexes all of it: each month is to be filled, and nothing waits twice", async () => {
  const months = await one(`
    select count(*)::integer as all, count(finished_at)::integer as finished,
      (select count(*)::integer from search_queue) as queued,
      (select count(finished_at)::integer from search_visitors) as visitors
    from search_months`);
  expect(months).toMatchObject({ finished: 0, queued: 0, visitors: 0 });
  expect(months.all).toBeGreaterThan(6);
});

test("a recount finds no drift, also in what is deleted", async () => {
  await connection.db.transaction().execute(async tx => {
    await tx.updateTable("conversations").set({ deleted_at: null }).execute();
    expect(await findDrift(tx, { sinceHours: 1_000_000 })).toEqual([]);
  });
});

test("every conversation has its messages numbered without a gap, in the order of time", async () => {
  const broken = await one(`
    select count(*) filter (where first <> 1 or last <> count or last <> last_seq)::integer as gaps,
      count(*) filter (where last_at <> last_message_at)::integer as ends,
      count(*) filter (where first_at <> created_at)::integer as beginnings
    from (
      select website_id, conversation_id, min(seq) as first, max(seq) as last, count(*) as count,
        min(created_at) as first_at, max(created_at) as last_at
      from messages
      group by website_id, conversation_id
    ) as m
    join conversations c on c.website_id = m.website_id and c.id = m.conversation_id`);
  expect(broken).toEqual({ gaps: 0, ends: 0, beginnings: 0 });
  const earlier = await one(`
    select count(*)::integer as count
    from (select created_at < lag(created_at) over (partition by conversation_id order by seq) as is from messages) as m
    where m.is`);
  expect(earlier).toEqual({ count: 0 });
});

test("ids begin with their time, and a conversation takes messages for 30 days, none of them in the future", async () => {
  const timeOf = (id: string) => `('x' || left(replace(${id}::text, '-', ''), 12))::bit(48)::bigint`;
  const msOf = (moment: string) => `(extract(epoch from ${moment}) * 1000)::bigint`;
  expect(await countOf("conversations", `${timeOf("id")} <> ${msOf("created_at")}`)).toBe(0);
  expect(await countOf("messages", `${timeOf("id")} <> ${msOf("created_at")}`)).toBe(0);
  expect(await countOf("messages", "created_at > now()")).toBe(0);
  expect(await countOf(withConversation, "m.created_at > c.created_at + interval '30 days'")).toBe(0);
  expect(await countOf("conversations", "deleted_at > now() or deleted_at < last_message_at")).toBe(0);
});

test("a conversation's row holds what the product's own sends would have written", async () => {
  const newestIn = `
    (select * from messages p
      where p.website_id = c.website_id and p.conversation_id = c.id and p.kind = 'text' and p.deleted_at is null
      order by p.seq desc limit 1)`;
  const lastPublic = `conversations c cross join lateral ${newestIn} p`;
  expect(await countOf(lastPublic, "true")).toBe(generated.conversations);
  expect(await countOf(lastPublic, "c.preview <> left(p.body, 200) or c.preview_author <> p.author")).toBe(0);
  const waits = "(c.status = 'open' and p.author = 'visitor')";
  expect(await countOf(lastPublic, `${waits} <> (c.waiting_since is not null)`)).toBe(0);
  const replies = await one(`
    select count(*)::integer as count
    from conversations c
    left join lateral (
      select min(created_at) as at from messages
      where website_id = c.website_id and conversation_id = c.id and kind = 'text' and author = 'agent'
    ) as first on true
    where first.at is distinct from c.first_reply_at`);
  expect(replies).toEqual({ count: 0 });
  expect(await countOf("conversations", "status = 'resolved' and agent_unread > 0")).toBe(0);
  expect(await countOf("conversations", "rating is not null and (status = 'open' or rating not between 1 and 5)")).toBe(
    0,
  );
});

test("some messages were edited or deleted, each at a version of its own", async () => {
  const counts = await one(`
    select count(*) filter (where edited_at is not null)::real / count(*) as edited,
      count(*) filter (where deleted_at is not null)::real / count(*) as deleted
    from messages`);
  expect(counts.edited).toBeGreaterThan(0.004);
  expect(counts.deleted).toBeGreaterThan(0.001);
  const isChanged = "coalesce(m.edited_at, m.deleted_at)";
  expect(await countOf("messages m", `(m.changed_version is null) <> (${isChanged} is null)`)).toBe(0);
  expect(await countOf("messages m", `${isChanged} < m.created_at or ${isChanged} > now()`)).toBe(0);
  expect(await countOf("messages m", "m.kind = 'event' and m.changed_version is not null")).toBe(0);
  const changes = `conversations c cross join lateral (
    select count(*) as count, count(distinct m.changed_version) as versions, max(m.changed_version) as newest,
      max(${isChanged}) as at
    from messages m
    where m.website_id = c.website_id and m.conversation_id = c.id and m.changed_version is not null) n`;
  expect(await countOf(changes, "n.versions <> n.count or n.newest > c.version")).toBe(0);
  expect(
    await countOf(changes, "c.changed_version <> coalesce(n.newest, 0) or c.changed_at is distinct from n.at"),
  ).toBe(0);
});

test("agents write as members, events match the row, and a conversation continues one that is older than 30 days", async () => {
  const member = "exists (select from memberships s where s.website_id = m.website_id and s.user_id = m.author_id)";
  expect(await countOf("messages m", `(m.author = 'agent') <> (m.author_id is not null and ${member})`)).toBe(0);
  const assigned = "m.details -> 'to' ->> 'id' is distinct from c.assignee_id::text";
  expect(await countOf(withConversation, `m.details ->> 'type' = 'assigned' and ${assigned}`)).toBe(0);
  const resolved = "m.details ->> 'type' = 'resolved' and m.seq = c.last_seq";
  expect(await countOf(withConversation, resolved)).toBe(await countOf("conversations", "status = 'resolved'"));
  const pair = "conversations c join conversations b on b.website_id = c.website_id and b.id = c.continues_id";
  expect(await countOf(pair, "true")).toBe(await countOf("conversations", "continues_id is not null"));
  expect(await countOf(pair, "b.visitor_id <> c.visitor_id or b.created_at + interval '30 days' > c.created_at")).toBe(
    0,
  );
  const withVisitor = "visitors v join conversations c on c.website_id = v.website_id and c.visitor_id = v.id";
  expect(await countOf(withVisitor, "c.created_at < v.first_seen_at or c.last_message_at > v.last_seen_at")).toBe(0);
});

test("websites, lengths, and shares of open, unread, waiting and deleted are skewed as in real use", async () => {
  const shares = await one(`
    select avg((status = 'open')::integer)::real as open,
      avg((assignee_id is null)::integer)::real as unassigned,
      avg((agent_unread > 0)::integer)::real as unread,
      avg((waiting_since is not null)::integer)::real as waiting,
      avg((deleted_at is not null)::integer)::real as deleted,
      avg((rating is not null)::integer)::real as rated,
      percentile_cont(0.5) within group (order by last_seq) as median,
      avg(last_seq)::real as mean
    from conversations`);
  expect(shares.open).toBeGreaterThan(0.07);
  expect(shares.open).toBeLessThan(0.13);
  expect(shares.median).toBeGreaterThanOrEqual(8);
  expect(shares.median).toBeLessThanOrEqual(15);
  expect(shares.mean).toBeGreaterThan(16);
  expect(shares.mean).toBeLessThan(23);
  for (const share of ["unassigned", "unread", "waiting", "rated"]) expect(shares[share], share).toBeGreaterThan(0.01);
  expect(generated.visitors).toBeLessThan(generated.conversations * 0.95);
  const sizes = await client.query(
    "select count(*)::integer as size from conversations group by website_id order by 1 desc",
  );
  expect(sizes.rows).toHaveLength(40);
  expect(sizes.rows[0].size).toBeGreaterThan(generated.conversations * 0.15);
  expect(sizes.rows[30].size).toBeLessThan(generated.conversations * 0.02);
  const longest = await client.query(
    "select website_id, status, last_seq from conversations order by last_seq desc limit 1",
  );
  expect(longest.rows).toEqual([{ website_id: 1, status: "open", last_seq: 10_000 }]);
});

test("each month has its share, and rows of different conversations are interleaved", async () => {
  const months = await client.query(
    "select tableoid::regclass as part, count(*)::integer as count from messages group by 1",
  );
  expect(months.rows).toHaveLength(7); // six, from the middle of a month to the middle of a month
  const whole = months.rows.toSorted((a, b) => a.part.localeCompare(b.part)).slice(1, -1);
  for (const { part, count } of whole) expect(count, part).toBeGreaterThan(200_000 / 12);
  const sameAsBefore = await one(`
    select avg((conversation_id = before)::integer)::real as share
    from (select conversation_id, lag(conversation_id) over (partition by tableoid order by ctid) as before from messages) as m`);
  expect(sameAsBefore.share).toBeLessThan(0.9);
});
