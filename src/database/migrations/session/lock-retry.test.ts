import type pg from "pg";
import { expect, test } from "vitest";
import { migrate } from "#database/migrations/migrate.ts";
import { migrationStatus } from "#database/migrations/status.ts";
import { openEmptyDatabase } from "#lab/clusters/databases.ts";
import { writeMigrations } from "#lab/clusters/migration-folder.ts";
import { eventually } from "#lab/eventually.ts";
import { keepLog, silent } from "#lab/programs/log.ts";
import { withLockRetry } from "./lock-retry.ts";
import { runStatement, withSession } from "./session.ts";

const column = {
  "0001_column": "alter table things add column a integer;\nalter table others add column a integer;\n",
};

test("a migration that cannot get its lock lets other queries pass, logs the holder, and continues when the lock is free", async () => {
  const { url, holder, reader } = await scene();
  await holder.query("begin; select from others");
  const { log, lines } = keepLog();
  const migrated = migrate(url, { log, dir: writeMigrations(column) });
  // On a busy machine the first attempt may end before its holder was seen; a later line names it.
  await eventually(() =>
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^0001_column up waits for a lock on others, held by process \d+ \(idle in transaction for \d+ s: begin; select from others\); tried \d+ times$/,
      ),
    ),
  );
  // Other queries run between the attempts, also on the table whose lock was free.
  for (let i = 0; i < 20; i++) await reader.query("select from things, others");
  expect(await columns(reader)).toEqual([]);
  await holder.query("commit");
  expect(await migrated).toEqual(["0001_column"]);
  expect(await columns(reader)).toEqual(["things.a", "others.a"]);
});

test("short waits for many partitions add up to the limit: the statement is cancelled", async () => {
  const { url, holder } = await scene();
  await holder.query("create table parts (id integer) partition by range (id)");
  for (let i = 0; i < 4; i++)
    await holder.query(`create table parts_${i} partition of parts for values from (${i}) to (${i + 1})`);
  const { log, lines } = keepLog();
  await withSession(url, { log, signal: new AbortController().signal }, async session => {
    await session.client.query("set lock_timeout = 0"); // now only the sum of the waits ends the statement
    await holder.query("begin; select from only parts_3");
    const locked = withLockRetry(session, "A column", () =>
      runStatement(session, "alter table parts add column a integer"),
    );
    await eventually(() => expect(lines).toContainEqual(expect.stringContaining("waits for a lock on parts_3")));
    await holder.query("commit");
    await locked;
  });
});

test("a lock that never becomes free ends in an error that names its holder, and nothing is changed", async () => {
  const { url, holder, reader } = await scene();
  await holder.query("begin; select from things");
  await withSession(url, { log: silent, signal: new AbortController().signal }, async session => {
    await session.client.query("set lock_timeout = 0"); // a wait ends only when its holder was seen, even on a busy machine
    const attempt = () => runStatement(session, "alter table things add column a integer");
    await expect(withLockRetry(session, "0001_column up", attempt, 1)).rejects.toMatchObject({
      code: "lock_not_available",
      message: expect.stringMatching(
        /^0001_column up could not get a lock on things, held by process \d+ .*, tried for/,
      ),
    });
  });
  expect(await columns(reader)).toEqual([]);
});

test("a failure for another reason is not retried", async () => {
  const { url } = await scene();
  let tries = 0;
  await withSession(url, { log: silent, signal: new AbortController().signal }, async session => {
    const attempt = () => {
      tries++;
      return runStatement(session, "alter table nowhere add column a integer");
    };
    await expect(withLockRetry(session, "It", attempt)).rejects.toThrow('relation "nowhere" does not exist');
  });
  expect(tries).toBe(1);
});

test("a program that must stop ends its wait", async () => {
  const { url, holder } = await scene();
  await holder.query("begin; select from things");
  const { log, lines } = keepLog();
  const stop = new AbortController();
  const dir = writeMigrations(column);
  const migrated = migrate(url, { log, dir, signal: stop.signal });
  migrated.catch(() => {});
  await eventually(() => expect(lines).toContainEqual(expect.stringContaining("waits for a lock")));
  stop.abort();
  await expect(migrated).rejects.toMatchObject({ code: "interrupted" });
  expect(await migrationStatus(url, dir)).toMatchObject([{ appliedAt: null }]);
});

async function scene() {
  const {
    url,
    clients: [holder, reader],
  } = await openEmptyDatabase();
  await holder.query("create table things (id integer); create table others (id integer)");
  return { url, holder, reader };
}

async function columns(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    "select attrelid::regclass || '.a' as name from pg_attribute where attname = 'a' order by attrelid",
  );
  return rows.map(row => row.name);
}
