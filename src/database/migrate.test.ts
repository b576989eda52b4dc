import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { createEmptyDatabase } from "#test/harness/databases.ts";
import { makeFolder } from "#test/harness/folders.ts";
import { describeSchema } from "#test/harness/schema.ts";
import { startScratchCluster } from "#test/harness/scratch-cluster.ts";
import { migrate, migrationStatus, undoMigration } from "./migrate.ts";
import { listMigrations } from "./migrations/files.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };

test("four servers that start at once on a fresh database migrate it once", async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url, { log })));
  expect(applied.flat()).toEqual(await listMigrations());
  expect((await migrationStatus(url)).every(state => state.appliedAt instanceof Date)).toBe(true);
});

test.each(["18", "15"] as const)("up, down and up again gives the same schema on PostgreSQL %s", async version => {
  const cluster = await startScratchCluster(version);
  onTestFinished(() => cluster.stop());
  const empty = await describeSchema(cluster.url);
  await migrate(cluster.url, { log });
  const migrated = await describeSchema(cluster.url);

  for (const name of (await listMigrations()).reverse()) {
    expect(await undoMigration(cluster.url, { log })).toBe(name);
    await migrate(cluster.url, { log });
    expect(await describeSchema(cluster.url)).toEqual(migrated);
    // Back to where the next older one was the last.
    while ((await lastApplied(cluster.url)) !== (await before(name))) await undoMigration(cluster.url, { log });
  }
  expect(await describeSchema(cluster.url)).toEqual(empty);
  expect(await undoMigration(cluster.url, { log })).toBe(null);
});

test("a database that a newer version migrated is refused and left alone", async () => {
  const url = await emptyDatabase();
  await migrate(url, { log });
  await query(url, "insert into pgmigrations (name, run_on) values ('9999_from_the_future', now())");
  await expect(migrate(url, { log })).rejects.toMatchObject({
    code: "database_newer",
    message: expect.stringContaining("9999_from_the_future"),
  });
  await expect(undoMigration(url, { log })).rejects.toMatchObject({ code: "database_newer" });
  expect((await migrationStatus(url)).at(-1)).toMatchObject({ name: "9999_from_the_future", known: false });
});

test("a migration that fails is undone whole and named, and can be run again when mended", async () => {
  const url = await emptyDatabase();
  const dir = migrations({
    "0001_first": "-- Up Migration\ncreate table first ();\n-- Down Migration\ndrop table first;\n",
    "0002_second":
      "-- Up Migration\ncreate table second ();\nselect nonsense;\n-- Down Migration\ndrop table second;\n",
  });
  await expect(migrate(url, { log, dir })).rejects.toMatchObject({
    code: "database_failed",
    message: expect.stringMatching(/0002_second.*"nonsense"/),
  });
  expect((await migrationStatus(url, dir)).map(state => state.appliedAt !== null)).toEqual([true, false]);
  expect(await describeSchema(url)).not.toContainEqual(expect.stringContaining("second"));

  writeFileSync(join(dir, "0002_second.sql"), "-- Up Migration\ncreate table second ();\n");
  expect(await migrate(url, { log, dir })).toEqual(["0002_second"]);
});

test("an index is built concurrently while another server waits to migrate", async () => {
  const url = await emptyDatabase();
  const dir = migrations({
    "0001_table": "-- Up Migration\ncreate table things (id integer);\n-- Down Migration\ndrop table things;\n",
    "0002_index":
      "-- Up Migration\n-- No transaction\n-- Serves the test; nothing else.\n" +
      "create index concurrently things_by_id on things (id);\n\ncreate index concurrently things_down on things (id desc);\n" +
      "-- Down Migration\ndrop index concurrently things_down;\ndrop index concurrently things_by_id;\n",
  });
  const applied = await Promise.all([1, 2, 3].map(() => migrate(url, { log, dir })));
  expect(applied.flat()).toEqual(["0001_table", "0002_index"]);
  expect(await describeSchema(url)).toContainEqual(expect.stringContaining("things_down"));
  expect(await undoMigration(url, { log, dir })).toBe("0002_index");
  expect(await describeSchema(url)).not.toContainEqual(expect.stringContaining("things_by_id"));
});

test.each([
  ["a port where nothing listens", { port: "1" }, "nothing listens at 127.0.0.1 on port 1"],
  ["an unknown host", { hostname: "nowhere.invalid" }, "the host nowhere.invalid is not known"],
  ["a wrong password", { password: "mistaken" }, "the password of prochat is wrong"],
  ["an unknown database", { pathname: "/nothere" }, "there is no database nothere"],
])("a database URL with %s is refused in one line without its password", async (_what, change, reason) => {
  const url = Object.assign(new URL(inject("postgresUrl")), change);
  const error = await migrate(url.href, { log }).catch(error => error);
  expect(error).toMatchObject({ code: "database_unreachable", message: expect.stringContaining(reason) });
  expect(error.message).not.toContain(url.password);
  expect(error.message).not.toContain("\n");
});

async function emptyDatabase(): Promise<string> {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

function migrations(files: Record<string, string>): string {
  const dir = makeFolder();
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(dir, `${name}.sql`), sql);
  return dir;
}

const lastApplied = async (url: string) => (await migrationStatus(url)).findLast(state => state.appliedAt)?.name;

async function before(name: string): Promise<string | undefined> {
  const names = await listMigrations();
  return names[names.indexOf(name) - 1];
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql);
  await client.end();
}
