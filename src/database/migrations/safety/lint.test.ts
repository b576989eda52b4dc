import { expect, test } from "vitest";
import { readMigration } from "#database/migrations/sql/files.ts";
import { writeMigrations } from "#lab/clusters/migration-folder.ts";
import { lintMigration } from "./lint.ts";

const lint = async (sql: string) => lintMigration(await readMigration("0001", writeMigrations({ "0001": sql })));

test("a long lock is reported with its line, also in the down migration", async () => {
  expect(
    await lint(
      "-- Up Migration\ncreate index i on things (a);\n-- Down Migration\ndrop index i;\nupdate things set a = 1;\n",
    ),
  ).toEqual([
    expect.stringMatching(/^2: it blocks writes.*Write instead: "create index concurrently"/),
    expect.stringMatching(/^4: /),
    expect.stringMatching(/^5: it locks every row.*"-- Backfill"/),
  ]);
});

test("tables that the migration creates are empty, and a reason is accepted", async () => {
  const made = "create table things (a integer); create index i on things (a); alter table things add check (a > 0);";
  expect(await lint(made)).toEqual([]);
  expect(await lint("-- Allow long lock: there is a row for each website\nupdate websites set a = 1;")).toEqual([]);
});

test("statements of the wrong kind are reported", async () => {
  expect(await lint("-- No transaction\nalter table things add column a integer;")).toHaveLength(1);
  expect(await lint("create index concurrently i on things (a);")).toHaveLength(1);
});
