import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { cloneDatabase, copyDatabase, createEmptyDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { generate } from "#sample-data/generate.ts";
import { proofs } from "#server/query-proofs/queries.ts";

/** Each test has a copy of it: to fill one takes longer than a test. */
let source: TestDatabase;

beforeAll(async () => {
  source = await cloneDatabase();
  // Until the middle of the last month: on the first days of a month its table is small, and may be read whole.
  const now = new Date();
  const until = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15));
  await generate(source.url, { messages: 60_000, websites: 5, months: 2, until });
});
afterAll(() => source.drop());

const verify = (url: string, ...args: string[]) =>
  runCli(["verify", ...args], { env: { DATABASE_URL: url, DATA_DIR: makeFolder() } });

test("a filled database: each query with its index, its time and its pages", async () => {
  const { url } = await filled();
  const { code, stdout } = await verify(url);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Queries \(on website \d+ /) });
  expect(stdout).toMatch(/^ok +\d+\.\d\d ms +\d+ {2}messages of a conversation, the newest +messages_pkey/m);
  expect(stdout).toMatch(/^ok +planned +a change of a conversation +conversations_pkey/m);

  const report = JSON.parse((await verify(url, "--json")).stdout);
  const names = report.paths.map((path: { name: string }) => path.name);
  expect(new Set(names)).toEqual(new Set(proofs.map(proof => proof.name)));
  expect(report).toMatchObject({ failures: [], indexes: { missing: [], invalid: [], duplicate: [] } });
});

test("an empty database has no problem", async () => {
  const { url } = await database();
  expect(await verify(url)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("no website has a conversation"),
  });
});

test("nothing is changed", async () => {
  const { url, query } = await filled();
  const read = async () => (await query("select xmin, ctid, * from websites order by id")).rows;
  const before = await read();
  await verify(url);
  expect(await read()).toEqual(before);
});

test("a missing index fails, with the statement that creates it", async () => {
  const { url, query } = await filled();
  await query("drop index conversations_inbox_unread");
  const { code, stdout } = await verify(url);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^failed {2}An index is missing: CREATE INDEX CONCURRENTLY ON public\.conversations .*may_have_unread/m,
  );
});

test("a query that would read a large table whole fails", async () => {
  const { url, query } = await filled();
  await query("alter table messages drop constraint messages_pkey; drop index messages_by_id");
  const { code, stdout } = await verify(url);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^failed {2}messages of a conversation, the newest: reads all \d+ pages of messages_\d{4}_\d\d/m,
  );
});

test("an unfinished index fails, a duplicate one is a hint", async () => {
  const { url, query } = await filled();
  await query("create index visitors_again on visitors (website_id, id)");
  await expect(query("create unique index concurrently half on visitors (website_id)")).rejects.toThrow(
    "could not create unique index",
  );
  const { code, stdout } = await verify(url);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed {2}The index half of visitors is not valid\. Drop it: DROP INDEX half$/m);
  expect(stdout).toMatch(/^hint {4}The index visitors_again of visitors repeats another one\.$/m);
});

test("an unused index is a hint, unless the product needs it", async () => {
  const { url, query } = await filled();
  await query("create index messages_by_body on messages (body)");
  const { code, stdout } = await verify(url);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^hint {4}The index messages_by_body of messages has never been used/m);
  expect(stdout).not.toMatch(/^hint {4}The index conversations_/m);
});

test("too few months ahead fail, until prochat partitions creates them", async () => {
  const { url, query } = await database();
  const { rows } = await query("select to_char(now() at time zone 'UTC' + interval '2 months', 'YYYY_MM') as month");
  await query(`drop table messages_${rows[0].month}`);
  expect(await verify(url)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("exist for 1 months ahead, 3 are needed. Run prochat partitions."),
  });
  await runCli(["partitions"], { env: { DATABASE_URL: url, DATA_DIR: makeFolder() } });
  expect(await verify(url)).toMatchObject({ code: 0 });
});

test("a database that is not migrated is refused in one line", async () => {
  const empty = await createEmptyDatabase();
  onTestFinished(() => empty.drop());
  expect(await verify(empty.url)).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^Pending migrations: 0001_chat.*Run prochat migrate\.\n$/),
  });
});

const filled = async () => opened(await copyDatabase(source));

const database = async () => opened(await cloneDatabase());

function opened(made: TestDatabase) {
  onTestFinished(() => made.drop());
  return {
    url: made.url,
    async query(sql: string) {
      const client = new pg.Client(made.url);
      await client.connect();
      try {
        return await client.query(sql);
      } finally {
        await client.end();
      }
    },
  };
}
