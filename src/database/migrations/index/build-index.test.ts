import type pg from "pg";
import { expect, test } from "vitest";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { openEmptyDatabase } from "#lab/clusters/databases.ts";
import { writeMigrations } from "#lab/clusters/migration-folder.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { partitionIndexName } from "./partitioned-index.ts";

const plain =
  "-- Up Migration\n-- No transaction\ncreate unique index concurrently things_by_a on things (a);\n" +
  "-- Down Migration\ndrop index concurrently things_by_a;\n";
const partitioned =
  "-- Up Migration\n-- No transaction\ncreate index concurrently parts_by_a on parts using btree (a desc) where a > 0;\n" +
  "-- Down Migration\ndrop index concurrently parts_by_a;\n";

const onBoth = test.each([
  ["a plain table", plain, ["things_by_a"]],
  ["a partitioned table", partitioned, ["parts_1_by_a", "parts_2_by_a", "parts_by_a"]],
]);

onBoth("an index of %s is built, and dropped again", async (_what, sql, names) => {
  const { url, client } = await scene();
  const dir = writeMigrations({ "0001_index": sql });
  await migrate(url, { log: silent, dir });
  expect(await indexes(client)).toEqual(names.map(name => `${name} valid`));
  await undoMigration(url, { log: silent, dir });
  expect(await indexes(client)).toEqual([]);
  expect(await migrate(url, { log: silent, dir })).toEqual(["0001_index"]);
});

onBoth("stopped by SIGINT while it is built on %s, nothing invalid stays", async (_what, sql, names) => {
  const { url, client, old } = await scene();
  const dir = writeMigrations({ "0001_index": sql });
  await old.query("begin isolation level repeatable read; select 1"); // builds wait for its snapshot
  const program = startProgram("lab/clusters/migrate-folder.ts", [url, dir]);
  await eventually(async () => expect(await waitingBuilds(client)).toBe(1));
  program.process.kill("SIGINT");
  const { code, stderr } = await program.ended;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^Stopped while migrating[^\n]*\n$/) });
  expect(await indexes(client)).not.toContainEqual(expect.stringContaining("invalid"));
  await old.query("commit");
  await migrate(url, { log: silent, dir });
  expect(await indexes(client)).toEqual(names.map(name => `${name} valid`));
});

onBoth(
  "killed while it is built on %s, its build ends, and the next run leaves nothing invalid",
  async (_what, sql, names) => {
    const { url, client, old } = await scene();
    const dir = writeMigrations({ "0001_index": sql });
    await old.query("begin isolation level repeatable read; select 1");
    const program = startProgram("lab/clusters/migrate-folder.ts", [url, dir]);
    await eventually(async () => expect(await waitingBuilds(client)).toBe(1));
    program.process.kill("SIGKILL");
    await program.ended;
    await eventually(async () => expect(await waitingBuilds(client)).toBe(0)); // although the transaction that it waits for continues
    expect(await indexes(client)).toContainEqual(expect.stringContaining("invalid"));
    await old.query("commit");
    expect(await migrate(url, { log: silent, dir })).toEqual(["0001_index"]);
    expect(await indexes(client)).toEqual(names.map(name => `${name} valid`));
  },
);

test("a unique index that finds a duplicate is refused with it, and leaves nothing behind", async () => {
  const { url, client } = await scene();
  await client.query("insert into things values (1), (1)");
  const dir = writeMigrations({ "0001_index": plain });
  await expect(migrate(url, { log: silent, dir })).rejects.toMatchObject({
    message: expect.stringMatching(
      /0001_index could not be applied: line 3: could not create unique index "things_by_a"/,
    ),
  });
  expect(await indexes(client)).toEqual([]);
});

test("stopped while it waits to drop an index, the drop is done", async () => {
  const { url, client, old } = await scene();
  const dir = writeMigrations({ "0001_index": plain });
  await migrate(url, { log: silent, dir });
  await old.query("begin; select from things");
  const stop = new AbortController();
  const undone = undoMigration(url, { log: silent, dir, signal: stop.signal });
  undone.catch(() => {});
  await eventually(async () => expect(await indexes(client)).toEqual(["things_by_a invalid"]));
  stop.abort();
  await eventually(async () => expect(await waiting(client, "drop index concurrently%")).toBe(0));
  await old.query("commit");
  await expect(undone).rejects.toMatchObject({ code: "interrupted" });
  expect(await indexes(client)).toEqual([]);
  expect(await undoMigration(url, { log: silent, dir })).toBe("0001_index");
});

test("a partition that is created during the build gets the index too, and so does a later one", async () => {
  const { url, client, old } = await scene();
  await old.query("begin isolation level repeatable read; select 1");
  const migrated = migrate(url, { log: silent, dir: writeMigrations({ "0001_index": partitioned }) });
  await eventually(async () => expect(await waitingBuilds(client)).toBe(1));
  await client.query("create table parts_0 partition of parts for values from (-100) to (0)");
  await old.query("commit");
  await migrated;
  await client.query("create table parts_3 (like parts including all)");
  await client.query("alter table parts attach partition parts_3 for values from (200) to (300)");
  expect(await indexes(client)).toEqual([
    "parts_0_by_a valid",
    "parts_1_by_a valid",
    "parts_2_by_a valid",
    "parts_3_a_idx valid",
    "parts_by_a valid",
  ]);
  const { rows } = await client.query("select from pg_inherits where inhparent = 'parts_by_a'::regclass");
  expect(rows).toHaveLength(4);
});

test("the name of a partition's index names the partition and is never too long", () => {
  const [table, partition] = [{ name: "messages" }, { name: "messages_2026_11" }];
  expect(partitionIndexName("messages_by_author", table, partition)).toBe("messages_2026_11_by_author");
  expect(partitionIndexName("by_author", table, partition)).toBe("messages_2026_11_by_author");
  const long = ["a", "b"].map(end => partitionIndexName(`by_${"x".repeat(58)}${end}`, table, partition));
  expect(new Set(long).size).toBe(2);
  expect(long.map(name => name.length)).toEqual([63, 63]);
});

async function scene() {
  const {
    url,
    clients: [client, old],
  } = await openEmptyDatabase();
  await client.query(`
    create table things (a integer);
    create table parts (a integer) partition by range (a);
    create table parts_1 partition of parts for values from (0) to (100);
    create table parts_2 partition of parts for values from (100) to (200);
    insert into parts select generate_series(0, 199)`);
  return { url, client, old };
}

async function indexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(`
    select c.relname || case when i.indisvalid then ' valid' else ' invalid' end as line
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace
      and c.relname not like 'pgmigrations%'
    order by c.relname`);
  return rows.map(row => row.line);
}

const waitingBuilds = (client: pg.Client) => waiting(client, "create%index concurrently%");

/** The number of such statements that wait for a transaction. */
async function waiting(client: pg.Client, statement: string): Promise<number> {
  const { rows } = await client.query(
    `select from pg_stat_activity
     where datname = current_database()
       and query like $1
       and state = 'active'
       and wait_event_type = 'Lock'`,
    [statement],
  );
  return rows.length;
}
