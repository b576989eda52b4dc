import type pg from "pg";
import { expect, test } from "vitest";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { openEmptyDatabase } from "#lab/clusters/databases.ts";
import { writeMigrations } from "#lab/clusters/migration-folder.ts";
import { eventually } from "#lab/eventually.ts";
import { keepLog, silent } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";

const rows = 5_000;

const fill = (table: string, change = "b = a + 1 where b is null") =>
  `-- Up Migration\n-- No transaction\n\n-- Backfill\nupdate ${table} set ${change};\n` +
  `-- Down Migration\n\n-- Backfill\nupdate ${table} set b = null;\n`;

test.each(["things", "parts"])("every row of %s is filled, and emptied again, and no cursor is kept", async table => {
  const { url, client } = await scene();
  const dir = writeMigrations({ "0001_fill": fill(table) });
  const { log, lines } = keepLog();
  await migrate(url, { log, dir });
  expect(await count(client, `${table} where b = a + 1`)).toBe(rows);
  expect(lines).toContainEqual(expect.stringMatching(/^Backfilled \d+ of about \d+ rows of /));
  await undoMigration(url, { log: silent, dir });
  expect(await count(client, `${table} where b is null`)).toBe(rows);
  expect(await count(client, "pg_class where relname like 'pgmigrations_backfill%'")).toBe(0);
});

test("set and condition may contain the words of an update, and use an alias of the table", async () => {
  const { url, client } = await scene();
  const change = `b = (select max(n) from (values (1), (2)) as v (n) where n < t.a or n = 1) -- where
    where ("t".tag <> ' where ' and t.a % 2 = 0) or t.a = 1 -- the end`;
  await migrate(url, { log: silent, dir: writeMigrations({ "0001_fill": fill("things as t", change) }) });
  expect(await count(client, "things where b is not null")).toBe(rows / 2 + 1);
});

test("a killed backfill continues where it was", async () => {
  const { url, client, old } = await scene();
  await client.query("create table passed (a integer)");
  await client.query(`
    create function note() returns trigger language plpgsql as $$ begin
      insert into passed values (new.a);
      return new;
    end $$;
    create trigger note after update on things for each row execute function note()`);
  const dir = writeMigrations({ "0001_fill": fill("things", "b = coalesce(b, 0) + 1") });
  await old.query("begin; select from things where a = 4000 for update"); // the backfill waits there
  const program = startProgram("lab/clusters/migrate-folder.ts", [url, dir]);
  await eventually(async () => expect(await count(client, "passed")).toBeGreaterThanOrEqual(500));
  program.process.kill("SIGKILL");
  await program.ended;
  await old.query("commit");
  const before = await count(client, "passed");
  expect(before).toBeLessThan(rows);
  await migrate(url, { log: silent, dir });
  expect(await count(client, "things where b = 1")).toBe(rows);
  expect(await count(client, "passed")).toBe(rows);
});

test("locked rows are retried, and their holders never fail", async () => {
  const { url, client, old } = await scene();
  const dir = writeMigrations({ "0001_fill": fill("things") });
  await old.query("begin; select from things where a = 300 for update");
  const { log, lines } = keepLog();
  const migrated = migrate(url, { log, dir });
  await eventually(() =>
    expect(lines).toContainEqual(expect.stringContaining("The backfill of things waits for a lock")),
  );
  await old.query("update things set tag = 'mine' where a in (100, 300, 400)");
  await old.query("commit");
  await migrated;
  expect(await count(client, "things where b = a + 1 and tag = 'mine'")).toBe(3);
  expect(await count(client, "things where b = a + 1")).toBe(rows);
});

test.each([
  ["reads another table", fill("things", "b = 1 from parts"), "a plain update"],
  ["changes a table without a primary key", fill("keyless"), "has no primary key"],
  ["changes a table that is not there", fill("nowhere"), "there is no table"],
])("a backfill that %s is refused", async (_what, sql, reason) => {
  const { url } = await scene();
  await expect(migrate(url, { log: silent, dir: writeMigrations({ "0001_fill": sql }) })).rejects.toMatchObject({
    message: expect.stringContaining(reason),
  });
});

async function scene() {
  const {
    url,
    clients: [client, old],
  } = await openEmptyDatabase();
  await client.query(`
    create table things (a integer primary key, b integer, tag text not null default '');
    create table parts (w integer, id uuid, a integer, b integer, primary key (w, id)) partition by range (id);
    create table parts_1 partition of parts for values from (minvalue) to ('80000000-0000-0000-0000-000000000000');
    create table parts_2 partition of parts for values from ('80000000-0000-0000-0000-000000000000') to (maxvalue);
    create table keyless (a integer, b integer);
    insert into things select generate_series(1, ${rows});
    insert into parts select i % 7, gen_random_uuid(), i from generate_series(1, ${rows}) i;
    analyze`);
  return { url, client, old };
}

async function count(client: pg.Client, what: string): Promise<number> {
  const { rows } = await client.query(`select count(*)::integer as count from ${what}`);
  return rows[0].count;
}
