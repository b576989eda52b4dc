import pg from "pg";
import { uuidv7 } from "uuidv7";
import { expect, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import type { NewMessage } from "./new-message.ts";
import { writeStatements } from "./write-statements.ts";

const many = 5_000;
const batch = 50;

/**
 * A server's connections plan their batches when the first message comes, and keep these plans until PostgreSQL
 * analyzes the tables: minutes and thousands of conversations later.
 */
test("a batch that was planned on empty tables reads only its own rows when there are thousands", async () => {
  const database = await cloneDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    for (const table of ["conversations", "visitors"])
      await client.query(`alter table ${table} set (autovacuum_enabled = false)`);
    await client.query(
      "insert into websites (name, public_key, identity_secret, allowed_origins) values ('a', 'a', '', '{}')",
    );
    await write([draftOf(uuidv7(), uuidv7())]);

    const ids = Array.from({ length: many }, () => uuidv7());
    await client.query("insert into visitors (website_id, id, name) select 1, unnest($1::uuid[]), 'Vic'", [ids]);
    await client.query(
      "insert into conversations (website_id, id, visitor_id) select 1, id, id from unnest($1::uuid[]) as id",
      [ids],
    );

    const drafts = ids.filter((_, nth) => nth % (many / batch) === 0).map(id => draftOf(id, id));
    const { results, read } = await write(drafts);
    expect(results.at(-1)).toHaveLength(batch);
    // Each conversation is looked up to be locked, checked, updated and read.
    expect(read.conversations).toBeLessThanOrEqual(batch * 6);
    expect(read.visitors).toBeLessThanOrEqual(batch * 2);
  } finally {
    await client.end();
    await database.drop();
  }

  /** @returns also how many rows of each table were read */
  async function write(drafts: NewMessage[]) {
    await client.query("begin");
    const before = await countRead();
    const results: unknown[][] = [];
    for (const statement of writeStatements(drafts, "messages")) results.push((await client.query(statement)).rows);
    const after = await countRead();
    await client.query("commit");
    const read = (table: string) => after.get(table)! - before.get(table)!;
    return { results, read: { conversations: read("conversations"), visitors: read("visitors") } };
  }

  /** What this connection has read, by table. */
  async function countRead(): Promise<Map<string, number>> {
    const { rows } = await client.query<{ name: string; count: number }>(
      `select relname as name, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer as count
       from pg_stat_xact_user_tables`,
    );
    return new Map(rows.map(({ name, count }) => [name, count]));
  }
});

const draftOf = (conversationId: string, visitorId: string): NewMessage => ({
  websiteId: 1,
  conversationId,
  id: uuidv7(),
  kind: "text",
  body: "Hello",
  author: "visitor",
  authorId: visitorId,
});
