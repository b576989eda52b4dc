import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { rebuildIndexes } from "#database/migrations/rebuild-indexes.ts";
import { makePartitionsAhead } from "#database/partitions/months.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { openPool } from "#lab/sql/pool.ts";
import { readConfig } from "#platform/config.ts";
import type { HealthCheck, HealthReport } from "#protocol/health.ts";
import type { Source } from "./checks/check.ts";
import { checks } from "./checks/list.ts";
import { readPast } from "./past.ts";
import { reportQueries } from "./query-report.ts";
import { runChecks } from "./run-checks.ts";
import { findReport, listHistory, storeHistory, storeReport } from "./store.ts";

/** A cluster of its own: slots, the archiver and settings belong to all of its databases. */
let cluster: ScratchCluster;
let sql: pg.Pool;
let connection: Connection;
const dataDir = mkdtempSync(join(tmpdir(), "prochat-health-"));
let last: HealthReport | null = null;

beforeAll(async () => {
  cluster = await startScratchCluster(process.env.TEST_POSTGRES === "15" ? "15" : "18", {
    wal_level: "logical",
    archive_mode: "on",
    max_prepared_transactions: "2",
  });
  await migrate(cluster.url, { log: silent });
  sql = openPool({ connectionString: cluster.url, max: 10 });
  await makePartitionsAhead(sql);
  connection = connect({ url: cluster.url, poolSize: 1, onError: () => {} });
});
afterAll(async () => {
  await connection?.close();
  await sql?.end();
  await cluster?.stop();
  rmSync(dataDir, { recursive: true });
});

/** One run, as the collector makes it. */
async function run(db = connection.db, now = new Date(), sizes: Source["sizes"] = []): Promise<HealthReport> {
  const given = {
    now,
    config: readConfig({ DATA_DIR: dataDir, DATABASE_URL: cluster.url }),
    ...(await readPast(connection.db)),
    sizes,
    vitals: [],
    redis: null,
  };
  const { report, figures, counters } = await runChecks(db, given, { last });
  await storeHistory(connection.db, { figures, counters });
  await storeReport(connection.db, report, reportQueries([], now));
  last = report;
  return report;
}

async function find(id: string): Promise<HealthCheck> {
  const check = (await run()).checks.find(each => each.id === id);
  if (!check) throw new Error(`there is no check ${id}`);
  return check;
}

/** A connection of its own, closed after the test at the latest. */
async function session(): Promise<pg.PoolClient> {
  const client = await sql.connect();
  client.on("error", () => {}); // a check's advice ends it
  onTestFinished(() => client.release(true));
  return client;
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

test("each check has an answer, and what is not well says what to do", async () => {
  const report = await run();
  const ids = report.checks.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids.length).toBeGreaterThan(20);
  for (const check of report.checks) {
    expect(check.why, check.id).toMatch(/\.$/);
    if (check.level === "warn" || check.level === "error") expect(check.fix, check.id).not.toBeNull();
    expect(check.why, check.id).not.toContain("could not be checked");
  }
});

test("a dropped index is missing until it is built again, under its name", async () => {
  expect((await find("indexes-missing")).level).toBe("ok");
  await sql.query("drop index messages_changed, conversations_inbox");
  const missing = await find("indexes-missing");
  expect(missing).toMatchObject({ level: "error", value: 2 });
  expect(missing.facts.join()).toMatch(/CREATE INDEX CONCURRENTLY ON public.messages USING btree/);
  expect(last!.level).toBe("error");
  expect(await rebuildIndexes(cluster.url, { log: silent })).toEqual(["messages_changed", "conversations_inbox"]);
  expect((await find("indexes-missing")).level).toBe("ok");
  const { rows } = await sql.query("select to_regclass('conversations_inbox') is not null as built");
  expect(rows).toEqual([{ built: true }]);
});

test("an invalid index is named until it is built again", async () => {
  await sql.query("update pg_index set indisvalid = false where indexrelid = 'conversations_by_visitor'::regclass");
  const invalid = await find("indexes-invalid");
  expect(invalid).toMatchObject({ level: "error", value: 1 });
  expect(invalid.why).toContain("conversations_by_visitor of conversations");
  expect(await rebuildIndexes(cluster.url, { log: silent })).toEqual(["conversations_by_visitor"]);
  expect((await find("indexes-invalid")).level).toBe("ok");
});

test("an index that repeats another one is a warning, with the line that drops it", async () => {
  await sql.query("create index mine on visitors (website_id, id)");
  const duplicate = await find("indexes-duplicate");
  expect(duplicate).toMatchObject({ level: "warn", value: 1 });
  await sql.query(duplicate.facts[0]!);
  expect((await find("indexes-duplicate")).level).toBe("ok");
});

test("an index that was never used is unknown while the statistics are young, then a warning", async () => {
  await sql.query("create table filler as select generate_series(1, 100000) as number");
  await sql.query("create index filler_by_number on filler (number)");
  expect((await find("indexes-unused")).level).toBe("unknown");
  // The statistics were never reset: they are as old as the first size that was stored.
  const sizes = [{ at: inMinutes(-8 * 24 * 60 - 60), bytes: 1 }];
  const report = await run(connection.db, new Date(), sizes);
  const unused = report.checks.find(({ id }) => id === "indexes-unused")!;
  expect(unused).toMatchObject({ level: "warn", value: 1, why: expect.stringContaining("never used in 7 days") });
  await sql.query("drop table filler");
});

test("too few months ahead are a warning, none an error", async () => {
  const { rows } = await sql.query<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'messages'::regclass order by 1 desc",
  );
  const months = rows.map(({ name }) => name);
  await sql.query(`drop table ${months.slice(0, 2).join(", ")}`);
  expect(await find("partitions-ahead")).toMatchObject({ level: "warn", value: 2 });
  await sql.query(`drop table ${months.slice(2).join(", ")}`);
  expect(await find("partitions-ahead")).toMatchObject({ level: "error", value: 0 });
  await makePartitionsAhead(sql);
  expect((await find("partitions-ahead")).level).toBe("ok");
});

test("a session that leaves a transaction open is named, with the line that ends it", async () => {
  const idle = await session();
  await idle.query("set application_name = 'report'; begin; select 'secret words'");
  await idle.query("select count(*) from visitors");
  const report = await run(connection.db, inMinutes(2));
  const found = report.checks.find(({ id }) => id === "idle-transactions")!;
  expect(found).toMatchObject({ level: "warn", why: expect.stringMatching(/^report \(process \d+\) has left/) });
  expect(JSON.stringify(report)).not.toContain("secret words");
  await sql.query(/select .*;/.exec(found.fix!)![0]);
  expect((await find("idle-transactions")).level).toBe("ok");
});

test("a long transaction and the snapshot that it holds are found", async () => {
  const old = await session();
  await old.query("begin isolation level repeatable read; select 1");
  const slow = old.query("select pg_sleep(60)").catch(() => {});
  await eventually(async () => {
    const report = await run(connection.db, inMinutes(70));
    const level = (id: string) => report.checks.find(check => check.id === id)!.level;
    expect([level("long-transactions"), level("oldest-snapshot")]).toEqual(["error", "error"]);
  });
  await sql.query("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(60)'");
  await slow;
  expect((await find("long-transactions")).level).toBe("ok");
  expect((await find("oldest-snapshot")).level).toBe("ok");
});

test("a prepared transaction holds the oldest snapshot, by its name", async () => {
  await sql.query(
    "begin; insert into users (id, name, email) values (gen_random_uuid(), 'a', 'a@b.invalid'); prepare transaction 'forgotten'",
  );
  const report = await run(connection.db, inMinutes(10));
  const found = report.checks.find(({ id }) => id === "oldest-snapshot")!;
  expect(found).toMatchObject({ level: "warn", fix: expect.stringContaining("rollback prepared 'forgotten'") });
  await sql.query("rollback prepared 'forgotten'");
  expect((await find("oldest-snapshot")).level).toBe("ok");
});

test("sessions that wait for a lock are counted, and the one that holds it is named", async () => {
  const holder = await session();
  await holder.query("set application_name = 'holder'; begin; lock table tags");
  const waiting = [];
  for (let i = 0; i < 5; i++) waiting.push((await session()).query("select count(*) from tags"));
  await eventually(async () => {
    const locks = (await run(connection.db, inMinutes(0.5))).checks.find(({ id }) => id === "locks")!;
    expect(locks).toMatchObject({ level: "error", value: 5, why: expect.stringMatching(/for holder \(process \d+\)/) });
  });
  await holder.query("rollback");
  await Promise.all(waiting);
  expect(await find("locks")).toMatchObject({ level: "ok", value: 0 });
});

test("connections that are nearly used up are an error", async () => {
  const { rows } = await sql.query("select current_setting('max_connections')::integer as max");
  const many = openPool({ connectionString: cluster.url, max: rows[0].max });
  const clients: pg.PoolClient[] = [];
  while (clients.length < rows[0].max * 0.93) clients.push(await many.connect());
  expect((await find("connections")).level).toMatch(/warn|error/);
  for (const client of clients) client.release();
  await many.end();
  await eventually(async () => expect((await find("connections")).level).toBe("ok"));
});

test("a slot that nothing reads from is named, with the line that drops it", async () => {
  await sql.query("select pg_create_physical_replication_slot('forgotten', true)");
  const slots = await find("slots");
  expect(slots).toMatchObject({ level: "warn", fix: expect.stringContaining("pg_drop_replication_slot('forgotten')") });
  await sql.query("select pg_drop_replication_slot('forgotten')");
  expect((await find("slots")).level).toBe("ok");
});

test("an archiver that fails is shown by the time since its last success, and clears with the next success", async () => {
  const configure = async (command: string) => {
    await sql.query(`alter system set archive_command = '${command}'`);
    await sql.query("select pg_reload_conf()");
    await sql.query("select pg_logical_emit_message(false, 'test', 'x')"); // an empty segment is not switched
    await sql.query("select pg_switch_wal()");
  };
  await configure("false");
  await eventually(async () => expect((await find("archiver")).level).toBe("warn"));
  const later = await run(connection.db, inMinutes(11));
  expect(later.checks.find(({ id }) => id === "archiver")!.level).toBe("error");
  await configure("true");
  await eventually(async () => expect((await find("archiver")).level).toBe("ok"));
});

test("settings that endanger data come with the line that changes them", async () => {
  expect(await find("settings-durability")).toMatchObject({
    level: "error",
    why: expect.stringContaining("fsync is off"),
  });
  const autovacuum = async () => (await find("settings-care")).facts.join();
  await sql.query("alter system set autovacuum = off");
  await sql.query("select pg_reload_conf()");
  await eventually(async () => expect(await autovacuum()).toContain("alter system set autovacuum = on;"));
  await sql.query("alter system set autovacuum = on");
  await sql.query("select pg_reload_conf()");
  await eventually(async () => expect(await autovacuum()).not.toContain("autovacuum"));
});

test("a database with the ctype C, or without UTF8, is found", async () => {
  await sql.query(
    "create database plain encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' locale_provider libc template template0",
  );
  const url = cluster.url.replace(/\/[^/]*$/, "/plain");
  const other = connect({ url, poolSize: 1, onError: () => {} });
  onTestFinished(() => other.close());
  const level = async () => {
    const { report } = await runChecks(other.db, {
      ...{ now: new Date(), config: readConfig({ DATA_DIR: dataDir, DATABASE_URL: url }) },
      ...{ earlier: null, previous: null, sizes: [], vitals: [], redis: null },
    });
    return (id: string) => report.checks.find(check => check.id === id)!.level;
  };
  const found = await level();
  expect([found("encoding"), found("ctype")]).toEqual(["error", "warn"]);
  // It has no tables of the product: what cannot be checked is unknown, never well.
  expect(found("partitions-ahead")).toBe("unknown");
});

test("transaction ids that are nearly used up are an error, until a vacuum has freed them", async () => {
  expect((await find("transaction-ids")).level).toBe("ok");
  // As if nothing had been vacuumed for 1,300 million transactions.
  await sql.query(`
    update pg_database
    set datfrozenxid = ((pg_current_xact_id()::text::bigint - 1300000000 + 4294967296) % 4294967296)::text::xid
    where datname = current_database()`);
  expect(await find("transaction-ids")).toMatchObject({ level: "error", fix: expect.stringContaining("vacuum;") });
  await sql.query("vacuum");
  expect((await find("transaction-ids")).level).toBe("ok");
});

test("a line of pg_hba.conf that lets other machines in without a password is shown", async () => {
  const { rows } = await sql.query("show hba_file");
  const rules = readFileSync(rows[0].hba_file, "utf8");
  const configure = async (text: string) => {
    writeFileSync(rows[0].hba_file, text);
    await sql.query("select pg_reload_conf()");
  };
  expect((await find("database-port")).level).toBe("ok");
  await configure(`${rules}\nhost all all 10.0.0.0/8 trust\n`);
  expect(await find("database-port")).toMatchObject({
    level: "error",
    value: 1,
    facts: [expect.stringMatching(/^line \d+: host all all 10\.0\.0\.0 255\.0\.0\.0 trust$/)],
  });
  await configure(rules);
  expect((await find("database-port")).level).toBe("ok");
});

test("a clock that is ahead is found", async () => {
  const check = checks.find(({ id }) => id === "clock")!;
  const db = connection.db;
  const base = {
    db,
    run: {},
    now: new Date(),
    config: readConfig({}),
    earlier: null,
    previous: null,
    sizes: [],
    vitals: [],
    redis: null,
  };
  const real = Date.now;
  onTestFinished(() => {
    Date.now = real;
  });
  Date.now = () => real() + 90_000;
  expect(await check.look(base)).toMatchObject({ level: "error" });
  Date.now = real;
  expect(await check.look(base)).toMatchObject({ level: "ok" });
});

test("a role without rights knows nothing of other sessions: unknown, with the grant that is missing", async () => {
  await sql.query("create role weak login password 'scratch'; grant pg_read_all_data to weak");
  const url = Object.assign(new URL(cluster.url), { username: "weak" }).href;
  const weak = connect({ url, poolSize: 1, onError: () => {} });
  onTestFinished(() => weak.close());
  const report = await run(weak.db);
  const level = (id: string) => report.checks.find(check => check.id === id)!;
  expect(level("locks")).toMatchObject({ level: "unknown", fix: expect.stringContaining("grant pg_read_all_stats") });
  expect(level("partitions-ahead").level).toBe("ok");
});

test("while PostgreSQL is away its checks are unknown, and the first one says why", async () => {
  const away = connect({ url: "postgres://prochat:x@127.0.0.1:1/prochat", poolSize: 1, onError: () => {} });
  onTestFinished(() => away.close());
  const report = await run(away.db);
  expect(report.checks[0]).toMatchObject({ id: "database", level: "error" });
  expect(report.summary).toMatch(/^PostgreSQL does not answer/);
  const others = report.checks.filter(({ about, id }) => about === "database" && id !== "database");
  expect([...new Set(others.map(({ level }) => level))]).toEqual(["unknown"]);
  expect((await run()).checks[0]!.level).toBe("ok");
});

test("a check keeps the time since when it has its level, and the last report and its figures are stored", async () => {
  const first = await find("encoding");
  const second = await find("encoding");
  expect(second.since).toBe(first.since);
  expect((await findReport(connection.db))!.report).toEqual(last);
  const days = await listHistory(connection.db, "day");
  expect(days).toHaveLength(1);
  expect(days[0]!.figures["database-size"]).toBeGreaterThan(1_000_000);
});

test("the history is bounded", async () => {
  await sql.query(`
    insert into health_history
    select 'minute', now() - make_interval(mins => 2000 + i), '{}'::jsonb, '{}'::jsonb from generate_series(1, 50) as i
    union all
    select 'day', now() - make_interval(days => 500 + i), '{}', '{}' from generate_series(1, 50) as i`);
  await run();
  const { rows } = await sql.query(
    "select count(*)::integer from health_history where at < now() - interval '400 days'",
  );
  expect(rows).toEqual([{ count: 0 }]);
  expect((await listHistory(connection.db, "minute")).length).toBeLessThan(40);
});
