import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createRole, query } from "#lab/clusters/schemas.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { runCli } from "#lab/programs/programs.ts";
import { readConfig } from "#platform/config.ts";
import { startServer } from "#server/main.ts";
import { migrate, undoMigration } from "./migrate.ts";
import { listMigrations } from "./sql/files.ts";
import { migrationStatus } from "./status.ts";

const versions = ["15", "18"] as const;
type Version = (typeof versions)[number];
const clusters = {} as Record<Version, ScratchCluster>;

/** As a live database has them: doctor finds nothing wrong. */
const durable = { fsync: "on", full_page_writes: "on" };

beforeAll(async () => {
  for (const version of versions) clusters[version] = await startScratchCluster(version, durable);
});
afterAll(async () => {
  for (const cluster of Object.values(clusters)) await cluster.stop();
});

/** How a role's connections find a schema other than `public`. */
const ways = {
  "a search path": (name: string) =>
    `create schema ${name}_chat authorization ${name}; alter role ${name} set search_path = ${name}_chat;`,
  "a schema named like the role": (name: string) => `create schema authorization ${name};`,
  "a name that needs quotes": (name: string) =>
    `create schema "${name} ""Chat""" authorization ${name}; alter role ${name} set search_path = '${name} "Chat"';`,
};
type Way = keyof typeof ways;

let lastRole = 0;

/** A role with a schema of its own, which may also create the job queue's schema. @returns the URL of its connections */
function newRole(version: Version, way: Way = "a search path"): Promise<string> {
  const name = `role${++lastRole}`;
  return createRole(clusters[version].url, name, `grant create on database prochat to ${name}; ${ways[way](name)}`);
}

const cli = (url: string, ...args: string[]) => runCli(args, { env: { DATABASE_URL: url, DATA_DIR: makeFolder() } });

const tablesOfPublic = (url: string) =>
  query(
    url,
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
  );

test.each(versions.flatMap(version => (Object.keys(ways) as Way[]).map(way => [version, way] as const)))(
  "on PostgreSQL %s, by %s, all tables are in one schema, and every check reads them there",
  async (version, way) => {
    const url = await newRole(version, way);
    expect(await migrate(url, { log })).toEqual(await listMigrations());
    expect((await migrationStatus(url)).every(state => state.appliedAt)).toBe(true);

    expect(await cli(url, "bench", "generate", "--messages", "500")).toMatchObject({ code: 0 });
    const doctor = await cli(url, "doctor");
    expect(doctor.stdout).toMatch(/^ {2}done {6}Queries, indexes, partitions: all \d+ queries use their indexes\.$/m);
    expect(doctor).toMatchObject({ code: 0 });
    expect(await cli(url, "partitions", "--ahead", "6")).toMatchObject({ code: 0 });
    expect(await tablesOfPublic(url)).toEqual([]);

    await query(url, "drop index conversations_inbox_unread");
    const [row] = await query(url, "select quote_ident(current_schema()) as schema");
    const { stdout } = await cli(url, "verify");
    expect(stdout.match(/An index is missing: .*? USING/g)).toEqual([
      `An index is missing: CREATE INDEX CONCURRENTLY ON ${row!.schema}.conversations USING`,
    ]);
  },
);

test.each(versions)("on PostgreSQL %s, a server on such a schema is ready, and its jobs are its own", async version => {
  const url = await newRole(version);
  // A name in the URL, as poolers and dashboards of databases show it.
  const DATABASE_URL = `${url}?application_name=shop`;
  const server = await startServer(
    readConfig({ PORT: "0", DEMO_PORT: "off", DATA_DIR: makeFolder(), DATABASE_URL, LOG_LEVEL: "error" }),
  );
  onTestFinished(server.stop);
  expect(await (await fetch(`${server.url}/ready`)).json()).toMatchObject({ status: "ready" });
  const [home] = await query(url, "select current_schema() as name");
  expect(
    await query(url, `select identifier from prochat_jobs_${home!.name}._private_known_crontabs order by 1`),
  ).toEqual(
    [
      "check-search",
      "clear-unread-flags",
      "deliver-alerts",
      "expire-alerts",
      "expire-audit",
      "make-partitions",
      "measure-websites",
      "purge-trash",
      "recount",
      "retention",
      "store-erasures",
      "sweep-exports",
    ].map(identifier => ({
      identifier,
    })),
  );

  for (const other of [url, DATABASE_URL])
    expect(await cli(other, "migrate", "undo", "--yes")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /process \d+ of PostgreSQL is connected .* \(shop, from 127\.0\.0\.1, since .* UTC\)/,
      ),
    });
  expect((await migrationStatus(url)).every(state => state.appliedAt)).toBe(true);
  const neighbour = await newRole(version);
  await migrate(neighbour, { log });
  expect(await cli(neighbour, "migrate", "undo")).toMatchObject({ code: 0 });
  await server.stop();
  expect(await cli(DATABASE_URL, "migrate", "undo", "--yes")).toMatchObject({ code: 0 });
});

test.each(versions)("on PostgreSQL %s, undo asks when any table has a row", async version => {
  const url = await newRole(version);
  expect(await cli(url, "migrate")).toMatchObject({ code: 0 });
  for (const [table, insert] of [
    ["users", "insert into users (id, name, email) values (gen_random_uuid(), 'Olga', 'olga@shop.example')"],
    [
      "websites",
      "insert into websites (name, public_key, identity_secret, allowed_origins) values ('S', 'k', 's', '{}')",
    ],
  ]) {
    await query(url, insert!);
    expect(await cli(url, "migrate", "undo")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`role\\d+_chat\\.${table} has rows.*--yes`)),
    });
    await query(url, `delete from ${table}`);
  }
  const last = (await listMigrations()).at(-1);
  expect((await cli(url, "migrate", "undo")).stdout).toBe(`Undid ${last}.\n`);
  await query(
    url,
    "insert into websites (name, public_key, identity_secret, allowed_origins) values ('S', 'k', 's', '{}')",
  );
  expect(await cli(url, "migrate", "undo", "--yes")).toMatchObject({ code: 0 });
});

test.each(versions)("on PostgreSQL %s, undo asks when it may not read a table, or does not find one", async version => {
  const url = await newRole(version);
  await migrate(url, { log });
  await query(url, "revoke select on tags from current_user");
  expect(await cli(url, "migrate", "undo")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/tags cannot be read \(permission denied.*--yes/),
  });
  await query(url, "grant select on tags to current_user; alter table conversations rename to elsewhere");
  expect(await cli(url, "migrate", "undo")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/does not have all tables.*--yes/),
  });
});

test.each(versions)(
  "on PostgreSQL %s, a history that an earlier version kept in public joins its tables",
  async version => {
    const url = await newRole(version);
    const last = (await listMigrations()).at(-1)!;
    await migrate(url, { log });
    await query(clusters[version].url, `alter table ${new URL(url).username}_chat.pgmigrations set schema public`);
    expect((await migrationStatus(url)).every(state => state.appliedAt)).toBe(true);
    expect(await undoMigration(url, { log })).toBe(last);
    expect(await tablesOfPublic(url)).toEqual([]);
    expect(await migrate(url, { log })).toEqual([last]);
  },
);

test.each(versions)(
  "on PostgreSQL %s, tables in public stay there when a schema gets the role's name",
  async version => {
    const name = `role${++lastRole}`;
    const { url: admin } = clusters[version];
    const url = (await createRole(admin, name, "")).replace(/\/prochat$/, `/${name}`);
    await query(admin, `create database ${name} owner ${name}`);
    onTestFinished(async () => void (await query(admin, `drop database ${name}`)));
    await query(url, "grant create on schema public to public");
    await migrate(url, { log });
    await query(url, "create schema authorization current_user");
    await query(url, "select make_message_partitions('2031-01-01', 0)");
    await undoMigration(url, { log });
    await undoMigration(url, { log });
    await migrate(url, { log });
    expect(await query(url, `select relname from pg_class where relnamespace = '${name}'::regnamespace`)).toEqual([]);
    expect(await tablesOfPublic(url)).toContainEqual({ relname: "messages_2031_01" });
  },
);

test.each(versions)(
  "on PostgreSQL %s, of two installations in one database each makes its own months",
  async version => {
    const urls = [await newRole(version), await newRole(version)] as const;
    for (const url of urls) await migrate(url, { log });
    const [first, second] = urls.map(url => new URL(url).username);
    await query(
      clusters[version].url,
      `grant usage on schema ${second}_chat to ${first};
     alter role ${first} set search_path = ${first}_chat, ${second}_chat`,
    );
    await query(urls[1], "select make_message_partitions('2031-01-01', 0)");
    expect(await query(urls[0], "select make_message_partitions('2031-01-01', 0) as made")).toEqual([{ made: 1 }]);
    expect(await query(urls[0], "select to_regclass('messages_2031_01')::text as name")).toEqual([
      { name: "messages_2031_01" },
    ]);
    expect(await cli(urls[0], "doctor")).toMatchObject({ code: 0 });
  },
);

test.each(versions)(
  "on PostgreSQL %s, a table of another program that hides ours is named with the SQL",
  async version => {
    const url = await newRole(version);
    await migrate(url, { log });
    const { username: name } = new URL(url);
    for (const table of ["conversations", "messages_2031_01"]) {
      await query(url, "select make_message_partitions('2031-01-01', 0)");
      await query(
        clusters[version].url,
        `create schema if not exists other_${name} authorization ${name}; drop table if exists other_${name}.conversations;
       create table other_${name}.${table} (id integer); alter table other_${name}.${table} owner to ${name};
       alter role ${name} set search_path = other_${name}, ${name}_chat`,
      );
      for (const args of [["doctor"], ["verify"], ["migrate"], ["migrate", "undo"]])
        expect(await cli(url, ...args), args.join(" ")).toMatchObject({ code: 1 });
      if (table === "conversations")
        expect(await cli(url, "bench", "generate", "--messages", "9")).toMatchObject({ code: 1 });
      const { stderr } = await cli(url, "migrate");
      expect(stderr).toContain(`The search path finds ${table} in other_${name} before`);
      expect(await query(url, `select count(*)::integer as count from other_${name}.${table}`)).toEqual([{ count: 0 }]);
      await query(url, /first: (alter role .*?;)/.exec(stderr)![1]!);
      expect(await cli(url, "doctor")).toMatchObject({ code: 0 });
      await query(clusters[version].url, `alter role ${name} in database prochat reset search_path`);
    }
  },
);
