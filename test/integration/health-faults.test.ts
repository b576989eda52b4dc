import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "#database/migrations/migrate.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { type SeenHealth, seeHealth } from "#lab/actors/seen-health.ts";
import { setClockForward } from "#lab/clock.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { readConfig } from "#platform/config.ts";
import type { AlertPage } from "#protocol/alerts.ts";
import type { HealthFix, HealthLevel } from "#protocol/health.ts";

/**
 * Faults of a whole installation, made on purpose: PostgreSQL with a replica and an archive, Redis, and backups. They are made
 * together, looked for, mended together and looked for again. The checks run when the test asks for them; what must have
 * lasted is made 70 minutes old by the clock.
 */
type Fault = {
  name: string;
  check: string;
  level: HealthLevel;
  /** what the page says of it */
  says: RegExp;
  make(): Promise<unknown>;
  /** before each look, for a fault that lasts for one run of the checks only */
  again?(): Promise<unknown>;
  mend(): Promise<unknown>;
};

let cluster: ScratchCluster;
let redis: TestRedis;
let app: App;
let replica: pg.Client;
let [made, mended]: SeenHealth[] = [];
const filesDir = mkdtempSync(join(tmpdir(), "prochat-files-"));
const sessions = new Map<string, pg.Client>();
const run = (text: string) => app.sql.query(text);
const press = (fix: HealthFix) => app.owner.api("POST", `/websites/${app.website.id}/health/mend`, { fix });

/** A backup of the schedule is half a day away. */
const settings = () => ({
  DATABASE_URL: cluster.url,
  REDIS_URL: redis.url,
  FILES_DIR: filesDir,
  CHECK_SECONDS: "300",
  BACKUPS: "on",
  BACKUP_METHOD: "logical",
  BACKUP_TIME: `${String((new Date().getUTCHours() + 12) % 24).padStart(2, "0")}:00`,
  BACKUP_TIME_ZONE: "UTC",
});
const look = () => seeHealth(app, readConfig(settings()));

/** A program of its own, under its name. */
async function open(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: cluster.url, application_name: name });
  client.on("error", () => {});
  await client.connect();
  sessions.set(name, client);
  return client;
}
const close = (name: string) => sessions.get(name)!.end();

async function configure(setting: string) {
  await run(`alter system set ${setting}`);
  await run("select pg_reload_conf()");
}

/** What the runs before have stored becomes ten minutes older; rows must not meet on their way. */
const tenMinutesLater = () =>
  run(
    "update health_history set at = at - interval '10 minutes' - random() * interval '1 second' where period = 'minute'",
  );

/** A run of the backups that has ended. */
const insertRun = (kind: "backup" | "drill", outcome: string, client: Pick<pg.Client, "query"> = app.sql) =>
  client.query(
    `insert into backup_runs (id, repository, kind, reason, started_at, finished_at, outcome, detail)
     select gen_random_uuid(), system_identifier::text, $1, 'person', clock_timestamp(), clock_timestamp(), $2, 'The counts differ'
     from pg_control_system()`,
    [kind, outcome],
  );

async function fillRedis() {
  for (let key = 0; key < 20; key++) await redis.ask(["SET", `filler-${Math.random()}`, "x".repeat(400_000)]);
}

const faults: Fault[] = [
  {
    name: "a table of which most is empty",
    check: "bloat",
    level: "warn",
    says: /% of the table sparse is empty/,
    async make() {
      await run("create table sparse as select i, repeat('x', 90) as filler from generate_series(1, 700000) as i");
      await run("delete from sparse where i % 4 <> 0");
      await run("vacuum (analyze) sparse");
    },
    mend: () => run("drop table sparse"),
  },
  {
    name: "a table that vacuum does not clean",
    check: "dead-rows",
    level: "error",
    says: /^6\d% of crowded are dead rows/,
    async make() {
      await run("create table crowded (i integer) with (autovacuum_enabled = off)");
      await run("insert into crowded select generate_series(1, 60000)");
      // The session's counts reach the table's at once, not after the vacuum that mends it.
      await run("delete from crowded where i % 3 <> 0; select pg_stat_force_next_flush()");
    },
    mend: () => run("vacuum crowded"),
  },
  {
    name: "a prepared transaction that nobody ends",
    check: "oldest-snapshot",
    level: "error",
    says: /^The prepared transaction forgotten holds a snapshot/,
    make: () => run("begin; create table never (i integer); prepare transaction 'forgotten'"),
    mend: () => run("rollback prepared 'forgotten'"),
  },
  {
    name: "a dropped index, beside one that is invalid",
    check: "indexes-missing",
    level: "error",
    says: /^2 indexes that queries need are missing/,
    make: () => run("drop index conversations_inbox"),
    mend: () => press("build-indexes"),
  },
  {
    name: "an index whose build was interrupted",
    check: "indexes-invalid",
    level: "error",
    says: /^conversations_by_visitor of conversations/,
    make: () => run("update pg_index set indisvalid = false where indexrelid = 'conversations_by_visitor'::regclass"),
    mend: () => press("build-indexes"),
  },
  {
    name: "no partitions ahead",
    check: "partitions-ahead",
    level: "error",
    says: /^This month has no partition|^Partitions exist for 0 months/,
    async make() {
      const { rows } = await run(
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'messages'::regclass",
      );
      await run(`drop table ${rows.map(({ name }) => name).join(", ")}`);
    },
    mend: () => press("make-partitions"),
  },
  {
    name: "a long transaction",
    check: "long-transactions",
    level: "error",
    says: /^yearly report \(process \d+\) has worked in one transaction for \d+ minutes/,
    async make() {
      const client = await open("yearly report");
      client.query("select pg_sleep(600)").catch(() => {}); // it is ended
    },
    mend: () => run("select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'yearly report'"),
  },
  {
    name: "a transaction that was left open",
    check: "idle-transactions",
    level: "error",
    says: /has left a transaction open for \d+ minutes/,
    make: async () => (await open("console")).query("begin; select 'secret words' from visitors"),
    mend: () => close("console"),
  },
  {
    name: "sessions that pile up at a lock",
    check: "locks",
    level: "error",
    says: /^5 sessions wait up to \d+ minutes for holder \(process \d+\)/,
    async make() {
      await (await open("holder")).query("begin; lock table tags in exclusive mode");
      for (let waiter = 1; waiter <= 5; waiter++) {
        const client = await open(`waiter ${waiter}`);
        client.query("delete from tags where false").catch(() => {});
      }
    },
    mend: () => close("holder"),
  },
  {
    name: "a slot that nothing reads",
    check: "slots",
    level: "warn",
    says: /^The slot forgotten keeps .*, and no program reads from it/,
    make: () => run("select pg_create_physical_replication_slot('forgotten', true)"),
    mend: () => run("select pg_drop_replication_slot('forgotten')"),
  },
  {
    name: "an archiver that fails",
    check: "archiver",
    level: "error",
    says: /^Archiving [0-9A-F]{24} fails/,
    async make() {
      await configure("archive_command = 'false'");
      await run("select pg_logical_emit_message(false, 'test', 'x')"); // an empty segment is not switched
      await run("select pg_switch_wal()");
    },
    mend: () => configure("archive_command = 'true'"),
  },
  {
    name: "a replica that stands still",
    check: "replicas",
    level: "error",
    says: /^The replica standby is .* behind/,
    async make() {
      await replica.query("select pg_wal_replay_pause()");
      await run("select pg_logical_emit_message(true, 'test', repeat('x', 100000))");
    },
    mend: () => replica.query("select pg_wal_replay_resume()"),
  },
  {
    name: "an old backup",
    check: "backup-age",
    level: "error",
    says: /^The last backup was made 3 days ago/,
    make: () => run("update backup_runs set finished_at = finished_at - interval '70 hours' where kind = 'backup'"),
    mend: () => run("update backup_runs set finished_at = finished_at + interval '70 hours' where kind = 'backup'"),
  },
  {
    name: "a drill that failed",
    check: "backup-drill",
    level: "error",
    says: /^The last restore of a backup failed: The counts differ/,
    make: () => insertRun("drill", "failed"),
    mend: () => insertRun("drill", "succeeded"),
  },
  {
    name: "a job that was given up",
    check: "jobs-dead",
    level: "warn",
    says: /^1 job failed at each try/,
    async make() {
      await run(`select prochat_jobs.add_job('no-such-task', '{"note": "secret words"}', max_attempts => 1)`);
      await run(
        "update prochat_jobs._private_jobs set attempts = max_attempts where payload::text like '%secret words%'",
      );
    },
    mend: () => press("retry-jobs"),
  },
  {
    name: "a Redis that removes keys",
    check: "redis-evictions",
    level: "error",
    says: /^Redis removed .* keys? .* \(allkeys-lru\)/,
    async make() {
      await redis.ask(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
      await redis.ask(["CONFIG", "SET", "maxmemory", "4mb"]);
    },
    again: fillRedis,
    mend: () => redis.ask(["CONFIG", "SET", "maxmemory", "0"]),
  },
  {
    name: "autovacuum that is off",
    check: "settings-care",
    level: "warn",
    says: /^autovacuum is off/,
    make: () => configure("autovacuum = off"),
    mend: () => configure("autovacuum = on"),
  },
  {
    name: "files that cannot be written",
    check: "storage",
    level: "error",
    says: /cannot be written to the folder/,
    async make() {
      rmSync(filesDir, { recursive: true });
      writeFileSync(filesDir, "a file where the folder was");
    },
    mend: async () => rmSync(filesDir),
  },
];

beforeAll(async () => {
  redis = await startRedis();
  cluster = await startScratchCluster("18", {
    wal_level: "logical",
    archive_mode: "on",
    max_prepared_transactions: "2",
  });
  await migrate(cluster.url, { log: silent });
  // So the server has no first one to make.
  const client = new pg.Client(cluster.url);
  await client.connect();
  for (const kind of ["backup", "drill"] as const) await insertRun(kind, "succeeded", client);
  await client.end();
  app = await startApp({ env: settings(), database: { url: cluster.url, drop: async () => {} } });
  replica = new pg.Client(await cluster.replica());
  await replica.connect();
  await eventually(async () => expect((await look()).check("replicas")!.facts).toHaveLength(1));

  const setRight = setClockForward(70);
  try {
    for (const fault of faults) await fault.make();
    made = await lookUntil(isSeen, { looks: 3 });
    for (const fault of faults.toReversed()) await fault.mend();
    mended = await lookUntil(isWell, { looks: 4 });
  } finally {
    setRight();
  }
});

afterAll(async () => {
  for (const client of sessions.values()) await client.end().catch(() => {});
  await replica?.end();
  await app?.stop();
  await cluster?.stop();
  await redis?.stop();
  rmSync(filesDir, { recursive: true, force: true });
});

const isSeen = (seen: SeenHealth, { check, level }: Fault) => seen.levels(check).every(each => each === level);
const isWell = (seen: SeenHealth, { check }: Fault) => seen.levels(check).every(each => each === "ok");

/**
 * Looks until all faults were as they should be in `looks` looks, one after the other, as an alert needs it. The tests say
 * what was not so in the last one.
 */
async function lookUntil(isAsExpected: typeof isSeen, { looks }: { looks: number }): Promise<SeenHealth> {
  let good = 0;
  let last: SeenHealth | undefined;
  for (let tries = 0; tries < 10 && good < looks; tries++) {
    await tenMinutesLater();
    if (isAsExpected === isSeen) for (const { again } of faults) await again?.();
    const seen = await look();
    good = faults.every(fault => isAsExpected(seen, fault)) ? good + 1 : 0;
    last = seen;
  }
  return last!;
}

test.each(faults)("$name is on the page, in doctor and in the metrics, with what to do", ({ check, level, says }) => {
  expect(made!.levels(check)).toEqual([level, level, level]);
  expect(made!.check(check)!.why).toMatch(says);
  expect(made!.check(check)!.fix).not.toBeNull();
  expect(JSON.stringify(made!.check(check))).not.toContain("secret words");
});

test.each(faults)("$name is gone from all of them when it is mended", ({ check }) => {
  expect(mended!.levels(check)).toEqual(["ok", "ok", "ok"]);
});

test.each(faults)("$name is one alert, cleared once", async ({ check, level }) => {
  const path = `/websites/${app.website.id}/alerts/history`;
  const { alerts } = await app.owner.api<AlertPage>("GET", path);
  const ofCheck = alerts.filter(alert => alert.check === check);
  expect(ofCheck).toMatchObject([{ level, clearedAt: expect.any(String) }]);
});
