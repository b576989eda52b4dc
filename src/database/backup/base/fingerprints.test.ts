import { expect, onTestFinished, test } from "vitest";
import { connectDirectly } from "#database/direct-connection.ts";
import { createEmptyDatabase } from "#lab/clusters/databases.ts";
import { compareTables, countTables, fingerprintTables, readSnapshot, sampleTables } from "./fingerprints.ts";

/** 800 pages of 60 rows, a table with json and one without rows. */
const tables = `
  create table large (id integer, text text) with (autovacuum_enabled = off);
  insert into large select i, repeat(md5(i::text), 3) from generate_series(1, 48000) as i;
  create table with_json (id integer, value json);
  insert into with_json values (1, '{"a": 1}'), (2, null);
  create table empty (id integer)`;

async function setUp() {
  const database = await createEmptyDatabase();
  onTestFinished(database.drop);
  const client = await connectDirectly(database.url);
  onTestFinished(() => client.end());
  await client.query(tables);
  const snapshot = await readSnapshot(client);
  const before = await countTables(client, snapshot, await sampleTables(client, snapshot));
  return { client, before, after: () => fingerprintTables(client, snapshot, before) };
}

test("what is inserted later does not count, and a large table is sampled", async () => {
  const { client, before, after } = await setUp();
  expect(before.map(({ table, rows, sample }) => [table, rows, sample?.percent])).toEqual([
    ["public.empty", 0, 100],
    ["public.large", 48_000, expect.closeTo(65, -1)],
    ["public.with_json", 2, 100],
  ]);
  expect(before[1]!.sample!.rows).toBeGreaterThan(10_000);
  expect(before[1]!.sample!.rows).toBeLessThan(48_000);
  await client.query("insert into large select i, 'new' from generate_series(1, 30000) as i");
  await client.query("insert into with_json values (3, '{}'); insert into empty values (1)");
  expect(await after()).toEqual(before);
});

test("a row that is gone, a value that has changed and a table that is missing are named", async () => {
  const { client, before, after } = await setUp();
  await client.query("delete from large where id = 7");
  expect(compareTables(before, await after())).toEqual(["public.large has 47999 of 48000 rows"]);
  // In place, as a damaged page has it: a changed row would be a new one.
  const changed = before.map(each => ({ ...each, rows: 0, sample: { ...each.sample!, checksum: "1" } }));
  expect(compareTables(changed, await after())).toEqual(
    expect.arrayContaining(["the rows of public.empty have changed", "the rows of public.with_json have changed"]),
  );
  await client.query("drop table with_json");
  expect(compareTables(before, await after())).toContain("the table public.with_json is missing");
});

test("a row that was changed while the copy was made is no damage", async () => {
  const { client, before, after } = await setUp();
  await client.query("update with_json set id = 3 where id = 2");
  const counted = before.map(each => (each.table === "public.with_json" ? { ...each, rows: 1 } : each));
  expect(compareTables(counted, await after())).toEqual([]);
});
