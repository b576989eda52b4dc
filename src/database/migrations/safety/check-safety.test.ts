import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { createEmptyDatabase } from "#lab/clusters/databases.ts";
import { writeMigrations } from "#lab/clusters/migration-folder.ts";
import { keepLog, silent } from "#lab/programs/log.ts";

const largeRows = 100_001;
const rewrite = "alter table things alter column a type bigint;";

test("a rewrite of a large table is refused with its row count and a replacement; nothing is changed", async () => {
  const { url } = await scene({ rows: largeRows });
  const dir = writeMigrations({
    "0001_type": `-- Up Migration\n\nalter table things add column b text;\n${rewrite}\n`,
  });
  await expect(migrate(url, { log: silent, dir })).rejects.toMatchObject({
    code: "database_failed",
    message: expect.stringMatching(
      /^The migration 0001_type is refused: line 4, "alter table things alter column a type bigint": it rewrites the table, "things" has about 10\d{4} rows \(\d+ MB\)\. Write instead: a new nullable column/,
    ),
  });
});

test("a rewrite of a small table, or of one that the migration creates, is allowed", async () => {
  const { url } = await scene({ rows: 10 });
  const dir = writeMigrations({
    "0001_type": `${rewrite}\ncreate table made (id integer);\ncreate index made_by_id on made (id);\n`,
  });
  expect(await migrate(url, { log: silent, dir })).toEqual(["0001_type"]);
});

test("rows of partitions count; a table that was never analyzed is estimated by its files", async () => {
  const { url, client } = await scene({ rows: 0 });
  await client.query(`
    create table parts (id integer) partition by range (id);
    create table parts_1 partition of parts for values from (1) to (60000);
    create table parts_2 partition of parts for values from (60000) to (200000);
    insert into parts select generate_series(1, 119999)`);
  const dir = writeMigrations({ "0001_index": "create index parts_by_id on parts (id);\n" });
  await expect(migrate(url, { log: silent, dir })).rejects.toMatchObject({
    message: expect.stringMatching(/"parts" has about \d{5,6} rows/),
  });
});

test("a migration with a reason may lock for long, and the reason is logged", async () => {
  const { url } = await scene({ rows: largeRows });
  const { log, lines } = keepLog();
  const dir = writeMigrations({ "0001_type": `-- Allow long lock: only archives are this large\n${rewrite}\n` });
  expect(await migrate(url, { log, dir })).toEqual(["0001_type"]);
  expect(lines).toContainEqual(
    expect.stringMatching(/rewrites the table.*which it allows: only archives are this large/),
  );
});

test("a down migration is checked as well", async () => {
  const { url, client } = await scene({ rows: 0 });
  const dir = writeMigrations({ "0001_type": `-- Up Migration\n${rewrite}\n-- Down Migration\n${rewrite}\n` });
  await migrate(url, { log: silent, dir });
  await client.query("insert into things select generate_series(1, $1)", [largeRows]);
  await expect(undoMigration(url, { log: silent, dir })).rejects.toMatchObject({
    message: expect.stringContaining("refused: line 4"),
  });
});

test("a column of a large table may become not null if a valid check proves it", async () => {
  const { url } = await scene({ rows: largeRows });
  const files = { "0001_not_null": "alter table things alter column a set not null;\n" };
  await expect(migrate(url, { log: silent, dir: writeMigrations(files) })).rejects.toMatchObject({
    message: expect.stringContaining("Write instead: a check (a is not null) first"),
  });
  const dir = writeMigrations({
    "0001_check": "alter table things add constraint things_a check (a is not null) not valid;\n",
    "0002_validate": "-- No transaction\nalter table things validate constraint things_a;\n",
    "0003_not_null": "alter table things alter column a set not null;\nalter table things drop constraint things_a;\n",
  });
  expect(await migrate(url, { log: silent, dir })).toHaveLength(3);
});

test.each([
  ["a column", "-- No transaction\nalter table things add column b text;", "can be run again after an interruption"],
  ["a plain index", "-- No transaction\ncreate index i on things (a);", "create the index concurrently here"],
  ["a plain update", "-- No transaction\nupdate things set a = 1;", 'needs "-- Backfill" above it'],
  [
    "a concurrent index in a transaction",
    "create index concurrently i on things (a);",
    "cannot be part of a transaction",
  ],
  ["a backfill in a transaction", "-- Backfill\nupdate things set a = 1;", "cannot be part of a transaction"],
  ["a transaction in a transaction", "begin;", "a transaction already"],
  ["an index without a name", "-- No transaction\ncreate index concurrently on things (a);", "needs a name"],
  ["wrong syntax", "alter tabel things;", 'cannot be read: line 1: syntax error at or near "tabel"'],
])("%s is refused, whatever the table's size", async (_what, sql, reason) => {
  const { url } = await scene({ rows: 1 });
  await expect(migrate(url, { log: silent, dir: writeMigrations({ "0001_wrong": sql }) })).rejects.toMatchObject({
    code: "database_failed",
    message: expect.stringContaining(reason),
  });
});

async function scene({ rows }: { rows: number }) {
  const database = await createEmptyDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await database.drop();
  });
  await client.query("create table things (a integer)");
  await client.query("insert into things select generate_series(1, $1)", [rows]);
  await client.query("analyze things");
  return { url: database.url, client };
}
