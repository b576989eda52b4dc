import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const partitions = (...args: string[]) =>
  runCli(["partitions", ...args], { env: { DATABASE_URL: database.url, DATA_DIR: makeFolder() } });

async function months(): Promise<string[]> {
  const { rows } = await client.query(
    "select relname from pg_inherits join pg_class on oid = inhrelid where inhparent = 'messages'::regclass order by 1",
  );
  return rows.map(row => row.relname);
}

test("all partitions are listed, missing ones are created", async () => {
  const before = await months();
  expect(await partitions()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/No partition was missing\. .* 4 months/),
  });
  await client.query(`drop table ${before.at(-2)}, ${before.at(-1)}`);
  const { code, stdout } = await partitions();
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/Created 2\. .* 4 months ahead\.\n$/) });
  expect(await months()).toEqual(before);
  for (const month of before) expect(stdout).toContain(month.slice("messages_".length).replace("_", "-"));
});

test("months further ahead are created on request, and later ones stay", async () => {
  const { made, monthsAhead, partitions: listed } = JSON.parse((await partitions("--ahead", "14", "--json")).stdout);
  expect({ made, monthsAhead }).toEqual({ made: 10, monthsAhead: 14 });
  expect(listed).toHaveLength((await months()).length);
  expect((await partitions("--ahead", "2")).stdout).toContain("14 months ahead");
});

test("partitions of a clock that was far ahead do no harm", async () => {
  await client.query("select make_message_partitions('2031-05-01', 1)");
  expect(await partitions()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/No partition was missing\. .* 14 months/),
  });
});

test("several runs at once do not fail", async () => {
  const before = await months();
  await client.query(`drop table ${before.at(-1)}, ${before.at(-3)}, ${before.at(-4)}`);
  const results = await Promise.all([1, 2, 3].map(() => partitions("--ahead", "14")));
  expect(results.map(result => result.code)).toEqual([0, 0, 0]);
});

test("a table with the name of a month's partition is not mistaken for it", async () => {
  const last = (await months()).at(-3)!;
  await client.query(`alter table messages detach partition ${last}`);
  expect(await partitions("--ahead", "14")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`the table ${last} is there but is no partition of messages`),
  });
});

test.each(["0", "-1", "1.5", "121", "many"])("--ahead %s is refused", async ahead => {
  expect(await partitions("--ahead", ahead)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("whole number from 1 to 120"),
  });
});
