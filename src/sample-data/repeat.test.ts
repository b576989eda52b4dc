import { createHash } from "node:crypto";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { generate } from "./generate.ts";

async function open() {
  const database = await cloneDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await database.drop();
  });
  const query = async (sql: string) => (await client.query(sql)).rows;
  return { url: database.url, query };
}

type Opened = Awaited<ReturnType<typeof open>>;

/** A hash of each table's rows; of messages also of their order in the heap. */
async function digest({ query }: Opened): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of ["websites", "users", "memberships", "visitors", "conversations", "messages"]) {
    const order = table === "messages" ? "tableoid::regclass::text, ctid" : "row.*::text";
    const rows = await query(`select row.*::text as text from ${table} as row order by ${order}`);
    digests[table] = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
  }
  return digests;
}

/** Two websites that people made, one with a conversation. */
async function addRealWebsites({ query }: Opened): Promise<void> {
  await query(`
    insert into websites (name, public_key, identity_secret, allowed_origins)
    values ('Shop', 'key', 'secret', '{}'), ('Blog', 'other', 'secret', '{}');
    insert into visitors (website_id, id) select min(id), gen_random_uuid() from websites;
    insert into conversations (website_id, id, visitor_id, last_seq)
    select website_id, uuid_floor(now()), id, 1 from visitors;
    insert into messages (website_id, conversation_id, seq, author, kind, id, body)
    select website_id, id, 1, 'visitor', 'text', gen_random_uuid(), 'Real words' from conversations`);
}

const readReal = ({ query }: Opened) =>
  query(`
    select w.name, w.public_key, m.body
    from websites w
    left join conversations c on c.website_id = w.id
    left join messages m on m.website_id = w.id and m.conversation_id = c.id
    where w.public_key not like 'generated-%'
    order by w.id`);

const until = new Date("2026-05-20T12:00:00Z");

test("the same seed, options and end give the same rows, another seed gives others", async () => {
  const [one, other] = [await open(), await open()];
  const options = { messages: 20_000, months: 3, seed: 7, until };
  await generate(one.url, options);
  await generate(other.url, options);
  expect(await digest(other)).toEqual(await digest(one));
  const before = await digest(one);
  await generate(one.url, { ...options, seed: 8 });
  const after = await digest(one);
  expect(after.messages).not.toBe(before.messages);
  expect(after.users).toBe(before.users);
});

test("repeating replaces what was generated before, larger or smaller", async () => {
  const database = await open();
  await generate(database.url, { messages: 5_000, websites: 30 });
  const generated = await generate(database.url, { messages: 2_000, websites: 5, months: 1 });
  expect(await database.query("select count(*)::integer as messages from messages")).toEqual([{ messages: 2_000 }]);
  expect(await database.query("select min(id), max(id), count(*)::integer from websites")).toEqual([
    { min: 1, max: 5, count: 5 },
  ]);
  expect(generated).toMatchObject({ messages: 2_000, websites: 5 });
});

test.each([1, 50])("a database of %i messages, each on a website of its own, is possible", async messages => {
  const database = await open();
  const generated = await generate(database.url, { messages, websites: messages, months: 240 });
  expect(generated).toMatchObject({ messages, websites: messages });
  expect(await database.query("select count(*)::integer as messages from messages")).toEqual([{ messages }]);
});

test("an interrupted generation leaves whole months and reports how far it came; repeating starts from the beginning", async () => {
  const database = await open();
  const stop = new AbortController();
  const options = { messages: 40_000, months: 12, until };
  const interrupted = generate(database.url, { ...options, signal: stop.signal }, messages => {
    if (messages > 20_000) stop.abort();
  });
  await expect(interrupted).rejects.toMatchObject({
    code: "interrupted",
    message: expect.stringMatching(/^Stopped after [\d,]+ of 40,000 messages\. .*starts from the beginning\.$/),
  });
  const [counts] = await database.query(`
    select (select count(*)::integer from messages) as stored, (select sum(last_seq)::integer from conversations) as counted`);
  expect(counts.stored).toBeGreaterThan(0);
  expect(counts.stored).toBe(counts.counted);
  await expect(interrupted).rejects.toThrow(`Stopped after ${counts.stored.toLocaleString("en-US")} of`);

  await generate(database.url, options);
  const other = await open();
  await generate(other.url, options);
  expect(await digest(database)).toEqual(await digest(other));
});

test("a broken connection ends the generation with an error; repeating starts from the beginning", async () => {
  const database = await open();
  let broken: Promise<unknown> | null = null;
  const generation = generate(database.url, { messages: 100_000 }, messages => {
    if (messages > 50_000) {
      // Whatever they do at this moment: a connection that only vacuums now still has messages to write.
      broken ??= database.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`);
    }
  });
  await expect(generation).rejects.toThrow();
  await broken;
  await generate(database.url, { messages: 1_000 });
  expect(await database.query("select count(*)::integer as messages from messages")).toEqual([{ messages: 1_000 }]);
});

test("a database with real websites is refused; with --beside-real-websites they stay unchanged", async () => {
  const database = await open();
  await addRealWebsites(database);
  const real = await readReal(database);
  await expect(generate(database.url, { messages: 2_000 })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/2 real websites.*--beside-real-websites/),
  });
  expect(await database.query("select count(*)::integer as count from messages")).toEqual([{ count: 1 }]);

  for (const messages of [3_000, 2_000]) {
    await generate(database.url, { messages, besideRealWebsites: true });
    expect(await readReal(database)).toEqual(real);
    expect(await database.query("select count(*)::integer as count from messages")).toEqual([{ count: messages + 1 }]);
  }
});

test("an existing user may own the websites, an unknown one may not", async () => {
  const database = await open();
  await database.query(
    "insert into users (id, name, email) values ('00000000-0000-7000-8000-000000000001', 'Mira', 'mira@shop.example')",
  );
  await generate(database.url, { messages: 2_000, websites: 4, owner: "Mira@shop.example" });
  const owned = await database.query(
    "select count(*)::integer as count from memberships m join users u on u.id = m.user_id where u.name = 'Mira' and m.role = 'owner'",
  );
  expect(owned).toEqual([{ count: 4 }]);
  await expect(generate(database.url, { messages: 10, owner: "nobody@shop.example" })).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("nobody@shop.example"),
  });
});
