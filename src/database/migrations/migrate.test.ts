import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { createEmptyDatabase } from "#lab/clusters/databases.ts";
import { copyMigrations, writeMigrations } from "#lab/clusters/migration-folder.ts";
import { describeSchema, dumpSchema } from "#lab/clusters/schema.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { migrate, undoMigration } from "./migrate.ts";
import { listMigrations, migrationsDir } from "./sql/files.ts";
import { migrationStatus } from "./status.ts";

test("four servers that start at once on a fresh database migrate it once", async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url, { log })));
  expect(applied.flat()).toEqual(await listMigrations());
  expect((await migrationStatus(url)).every(state => state.appliedAt instanceof Date)).toBe(true);
});

test.each([
  ["18", null],
  ["15", dumpSchema], // no pg_dump 18 in Debian 12
] as const)(
  "up, down and up again gives the same schema on PostgreSQL %s, with rows in the tables",
  async (version, dump) => {
    const cluster = await startScratchCluster(version);
    onTestFinished(() => cluster.stop());
    const dir = copyMigrations(makeFolder());
    const names = await listMigrations(dir);
    const schemas = new Map([["nothing", await describeSchema(cluster.url)]]);
    const [first = ""] = names;
    await migrate(cluster.url, { log, dir: firstOf(dir, names, first) });
    const fresh = await describeSchema(cluster.url);
    await fillTables(cluster.url); // creates one more partition
    for (const name of names) {
      await migrate(cluster.url, { log, dir: firstOf(dir, names, name) });
      schemas.set(name, await describeSchema(cluster.url));
    }
    const dumped = await dump?.(cluster.url);
    for (const [nth, name] of [...names.entries()].reverse()) {
      const upTo = { log, dir: firstOf(dir, names, name) };
      expect(await undoMigration(cluster.url, upTo)).toBe(name);
      const before = schemas.get(names[nth - 1] ?? "nothing");
      // A validated constraint stays valid until it is dropped.
      if (!name.endsWith("_validation")) expect(await describeSchema(cluster.url)).toEqual(before);
      expect(await migrate(cluster.url, upTo)).toEqual([name]);
      expect(await describeSchema(cluster.url)).toEqual(name === first ? fresh : schemas.get(name));
      await undoMigration(cluster.url, upTo);
    }
    expect(await undoMigration(cluster.url, { log, dir })).toBe(null);
    await migrate(cluster.url, { log, dir: firstOf(dir, names, first) });
    await fillTables(cluster.url);
    await migrate(cluster.url, { log, dir: firstOf(dir, names, names.at(-1)!) });
    expect(await dump?.(cluster.url)).toEqual(dumped);
  },
  600_000, // three ways for each of the migrations
);

test("a database that the first version migrated with another runner is migrated further", async () => {
  const url = await emptyDatabase();
  const [first = ""] = await listMigrations();
  await migrate(url, { log, dir: firstOf(migrationsDir, [first], first) });
  await query(url, "drop table pgmigrations");
  await query(
    url,
    `create table "public"."pgmigrations" (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
     insert into "public"."pgmigrations" (name, run_on) values ('${first}', now())`,
  );
  expect(await migrate(url, { log })).toEqual((await listMigrations()).slice(1));
});

test("a database that a newer version migrated is refused and not changed", async () => {
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

test("a migration that fails is undone whole and named, and can be run again when it is fixed", async () => {
  const url = await emptyDatabase();
  const dir = writeMigrations({
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
  const dir = writeMigrations({
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

/** The migrations of a folder up to one of them, as a program of that time had them. */
function firstOf(dir: string, names: string[], until: string): string {
  const folder = makeFolder();
  for (const name of names.slice(0, names.indexOf(until) + 1))
    copyFileSync(join(dir, `${name}.sql`), join(folder, `${name}.sql`));
  return folder;
}

/** By the first migration's columns: two websites with twenty conversations each. */
const fillTables = (url: string) =>
  query(
    url,
    `select make_message_partitions((now() - interval '1 month')::date, 1);
     insert into websites (name, public_key, identity_secret, allowed_origins)
     select 'Website ' || i, 'key-' || i, 'secret', '{https://shop.example}' from generate_series(1, 2) as i;
     insert into visitors (website_id, id, name)
     select website, gen_random_uuid(), 'Visitor ' || i from generate_series(1, 2) as website, generate_series(1, 20) as i;
     insert into conversations (website_id, id, visitor_id, last_seq, last_public_seq, preview, agent_unread)
     select website_id, overlay(id::text placing left(uuid_floor(now())::text, 13) from 1 for 13)::uuid, id, 3, 3, 'Hello', 3
     from visitors;
     insert into messages (website_id, conversation_id, seq, author, kind, id, body)
     select website_id, id, seq, 'visitor', 'text', gen_random_uuid(), 'Message ' || seq
     from conversations, generate_series(1, 3) as seq`,
  );

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql);
  await client.end();
}
