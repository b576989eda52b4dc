import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { monthOf } from "#database/partitions/months.ts";
import { checkProof, smallPages } from "#database/query-plans/check-proof.ts";
import type { Proof } from "#database/query-plans/define-query.ts";
import { explain } from "#database/query-plans/explain.ts";
import { findSample, type Sample } from "#database/query-plans/sample.ts";
import { indexOlder } from "#database/search/indexer.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { openPool } from "#lab/sql/pool.ts";
import { generate } from "#sample-data/generate.ts";
import { insertAccount } from "#server/identity/accounts.ts";
import { createAuth } from "#server/identity/auth.ts";
import { createPasswords } from "#server/identity/passwords.ts";
import { proofs } from "#server/query-proofs/queries.ts";

/**
 * Runs each query of the product on two generated databases, one ten times as large as the other, on the website with the
 * most conversations and on its longest conversation. Checks the indexes that it uses and the pages that it reads; the
 * bounds are the same for both databases. Counts, not times: they are the same on every machine.
 */

/** The queries for which the optimization guide wanted an index, and the product's query in their place. */
const guide: Record<string, string> = {
  "messages of a conversation": "messages of a conversation, the newest",
  "messages by time": "messages by time",
  "unread of a conversation": "unread of a conversation, and all else that its row says",
  "unread of a website": "unread of a website",
  "conversations of a website": "conversations of a website that changed lately",
  "conversations by status": "inbox of a website, resolved, the first page",
  "conversations by website and status": "inbox of a website, all, the first page",
  "conversations by visitor": "conversations of a visitor, the newest",
  "conversations by assignee": "inbox of a website, mine, the first page",
  "deleted ones": "deleted conversations of a website",
};

test.each(Object.entries(guide))("for the guide's %s there is a query with a proof", (_wanted, name) => {
  expect(proofs.map(proof => proof.name)).toContain(name);
});

/** These read all messages of a period; every other query knows its conversation, and so its month. */
const acrossMonths = [
  "messages by time",
  "deleted messages of a website",
  "trash of a website, messages",
  "a deleted message by its id",
  "counters that differ from their messages",
  "messages that the search index missed",
];

describe.each([
  ["100,000 messages", { messages: 100_000, websites: 30, months: 6 }],
  ["1,000,000 messages", { messages: 1_000_000, websites: 100, months: 12 }],
])("with %s", (_size, options) => {
  let database: TestDatabase;
  let client: pg.Client;
  let sample: Sample;
  beforeAll(async () => {
    database = await cloneDatabase();
    await generate(database.url, { ...options, seed: 7 });
    client = new pg.Client(database.url);
    await client.connect();
    // Every tenth conversation has one of its website's tags.
    await client.query(`
      insert into tags (website_id, id, name, colour)
      select w.id, gen_random_uuid(), 'Tag ' || i, '#3457d5' from websites w, generate_series(1, 5) as i`);
    await client.query(`
      insert into conversation_tags (website_id, conversation_id, tag_id)
      select c.website_id, c.id, t.id
      from conversations c
      join tags t on t.website_id = c.website_id and t.name = 'Tag ' || (1 + abs(hashtext(c.id::text)) % 50)`);
    await client.query("analyze"); // small tables too: their statistics change the plans of large ones
    sample = await findSample(client);
    await indexSample();
  });

  /** The words of the sample's month, in which every search of the proofs looks. */
  async function indexSample() {
    await client.query("update search_months set finished_at = now() where month <> $1", [
      `${monthOf(sample.conversationId)}-01`,
    ]);
    const { db, close } = connect({ url: database.url, poolSize: 1, onError: () => undefined });
    while (await indexOlder(db));
    await close();
    await client.query("analyze message_search, visitor_search");
  }
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  test("the sample is the largest website and its longest conversation", () => {
    expect(sample.lastSeq).toBeGreaterThan(200);
  });

  test.each(proofs.map(proof => [proof.name, proof] as const))("%s", async (_name, proof) => {
    for (const plans of ["custom", "generic"] as const) await expectItsWay(proof, plans);
  });

  /** A month has a table that is rightly read whole while it is small: on its first days, and before, when it has no page. */
  async function listLarge(tables: string[]): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>(
      `select relname as name
       from pg_class
       where relname = any($1)
         and relkind = 'r'
         and pg_relation_size(oid) > case when relname ~ '_[0-9]{4}_[0-9]{2}$' then $2 else 0 end`,
      [tables, smallPages * 8192],
    );
    return rows.map(({ name }) => name);
  }

  async function expectItsWay(proof: Proof, plans: "custom" | "generic") {
    const check = async () => {
      await client.query("begin");
      try {
        return await checkProof(client, proof, sample, { execute: "all", plans });
      } finally {
        await client.query("rollback");
      }
    };
    // A session's first change of a table also reads the catalogue of the tables that refer to it.
    const first = await check();
    const found = first.problems.length > 0 ? await check() : first;
    expect(found.problems).toEqual([]);
    expect(
      await listLarge(
        found.sequential.filter(table =>
          /^(conversations|messages|message_search|visitors|visitor_search)/.test(table),
        ),
      ),
    ).toEqual([]);
    expect(proof.indexes).toEqual(expect.arrayContaining(found.indexes));
    if (!acrossMonths.includes(proof.name)) expect(found.months).toBeLessThanOrEqual(1);
  }
});

test("the library for sessions finds each row by an index", async () => {
  const database = await cloneDatabase();
  const sent: { text: string; values: unknown[] }[] = [];
  class RecordingClient extends pg.Client {
    override query = ((text: string, values: unknown[]) => {
      sent.push({ text, values });
      return super.query(text, values);
    }) as pg.Client["query"];
  }
  const recorded = openPool({ connectionString: database.url, max: 1, Client: RecordingClient });
  const client = new pg.Client(database.url);
  await client.connect();
  const { db, close } = connect({ url: database.url, poolSize: 1, onError: () => undefined });
  try {
    await client.query(`
      with many as (
        insert into users (id, name, email) select gen_random_uuid(), 'Agent', i || '@team.example'
        from generate_series(1, 5000) as i returning id
      ), accounted as (
        insert into accounts (id, user_id, account_id, provider_id) select id, id, id, 'credential' from many
      )
      insert into sessions (id, user_id, token, expires_at) select id, id, id, now() + interval '1 day' from many`);
    const account = { name: "Ada", email: "ada@team.example", password: "a long password" };
    const passwords = createPasswords();
    await insertAccount(db, { ...account, passwordHash: await passwords.hash(account.password) });
    await client.query("analyze");

    const auth = createAuth({
      pool: recorded,
      secret: "a secret of at least 32 characters",
      publicUrl: "http://localhost",
      passwords,
    });
    const { cookies } = await auth.signIn(account.email, account.password, new Headers());
    const headers = new Headers({ cookie: cookies.map(cookie => cookie.split(";")[0]).join("; ") });
    expect(await auth.findSession(headers)).toMatchObject({ user: { email: account.email } });
    await auth.signOut(headers);
    await passwords.close();

    const asked = sent.filter(({ text }) => /^(select|update|delete)/i.test(text));
    expect(asked.length).toBeGreaterThanOrEqual(4);
    for (const statement of asked) {
      const { sequential } = await explain(client, statement, { execute: false });
      expect({ text: statement.text, sequential }).toEqual({ text: statement.text, sequential: [] });
    }
  } finally {
    await Promise.all([client.end(), recorded.end(), close()]);
    await database.drop();
  }
});
