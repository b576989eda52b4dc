import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { migrate } from "#database/migrations/migrate.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import { seeHealth } from "#lab/actors/seen-health.ts";
import { freezePostgres } from "#lab/clusters/freeze.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { startRedis } from "#lab/programs/redis.ts";
import { readConfig } from "#platform/config.ts";
import type { AlertPage } from "#protocol/alerts.ts";
import type { HealthCheck, HealthFix, HealthHistory, HealthReport, HealthSessions } from "#protocol/health.ts";

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { DATABASE_POOL_SIZE: "4", CHECK_SECONDS: "300" } }); // the tests ask for runs
});
afterAll(() => app.stop());

const pathOf = ({ website }: App) => `/websites/${website.id}/health`;
const read = (of: App = app) => eventually(() => of.owner.api<HealthReport>("GET", pathOf(of)));

const mend = (fix: HealthFix, of: App = app) => of.owner.api("POST", `${pathOf(of)}/mend`, { fix });

/** What the check finds in a run that begins now. */
async function find(id: string, of: App = app): Promise<HealthCheck> {
  const asked = new Date().toISOString();
  await mend("check-again", of);
  return eventually(async () => {
    const report = await of.owner.api<HealthReport>("GET", pathOf(of));
    expect(report.at > asked).toBe(true);
    return report.checks.find(check => check.id === id)!;
  });
}

test("operators see the checks, whatever their role is; admins and owners who are none do not", async () => {
  const { agent, stranger } = await app.scene();
  const admin = await app.agent("admin");
  const report = await read();
  expect(report.checks.length).toBeGreaterThan(30);
  const operator = await app.agent("agent");
  await app.sql.query("insert into operators (user_id) values ($1)", [operator.me.user.id]);
  expect(await operator.api<HealthReport>("GET", pathOf(app))).toMatchObject({ summary: expect.any(String) });
  const refused = async (who: AgentClient, websiteId: number) => {
    for (const path of ["", "/history?period=day", "/sessions", "/queries", "/plan?query=a%20batch%20of%20sends"])
      await expect(who.api("GET", `/websites/${websiteId}/health${path}`)).rejects.toMatchObject({ code: "forbidden" });
    const mending = who.api("POST", `/websites/${websiteId}/health/mend`, { fix: "recount" });
    await expect(mending).rejects.toMatchObject({ code: "forbidden" });
  };
  await refused(agent, app.website.id);
  await refused(admin, app.website.id);
  await refused(stranger, stranger.me.websites[0]!.id);
});

test("the history has the values of this minute, by the ids of the checks", async () => {
  await find("database");
  const { rows } = await app.owner.api<HealthHistory>("GET", `${pathOf(app)}/history?period=minute`);
  expect(rows.at(-1)!.figures).toMatchObject({ "database-size": expect.any(Number), connections: expect.any(Number) });
});

test("the buttons build a dropped index, make the months and record who pressed them", async () => {
  await app.sql.query("drop index conversations_inbox");
  await app.sql.query(
    `drop table messages_${new Date(Date.now() + 62 * 86_400_000).toISOString().slice(0, 7).replace("-", "_")}`,
  );
  expect((await find("indexes-missing")).level).toBe("error");
  expect((await find("partitions-ahead")).level).not.toBe("ok");
  await mend("build-indexes");
  await mend("make-partitions");
  await mend("recount");
  await eventually(async () => {
    const { checks } = await read();
    const levels = checks.filter(({ id }) => id === "indexes-missing" || id === "partitions-ahead").map(c => c.level);
    expect(levels).toEqual(["ok", "ok"]);
  });
  const { rows } = await app.sql.query(
    "select details->>'fix' as fix from audit_log where action = 'installation.mended' order by id",
  );
  expect(rows.map(({ fix }) => fix)).toEqual(["build-indexes", "make-partitions", "recount"]);
});

test("sessions that wait for each other are there while they do", async () => {
  const [holder, waiter] = [await app.sql.connect(), await app.sql.connect()];
  await holder.query("begin; lock table tags");
  const waiting = waiter.query("select 'secret words' from tags");
  await eventually(async () => {
    const answer = await app.owner.api<HealthSessions>("GET", `${pathOf(app)}/sessions`);
    expect(answer.sessions.filter(({ blockedBy }) => blockedBy.length > 0)).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toContain("secret words");
  });
  await holder.query("commit");
  await waiting;
  holder.release();
  waiter.release();
});

test("an exhausted pool is found, with how long a query waited, and is well in the next run", async () => {
  await find("pool"); // forgets the waits before
  // The server's own connections, all held by a lock: its queries wait for one.
  const holder = await app.sql.connect();
  await holder.query("begin; lock table memberships");
  const asking = Array.from({ length: 8 }, () => app.owner.api("GET", "/me"));
  await eventually(async () => {
    const { rows } = await app.sql.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    expect(rows.length).toBeGreaterThanOrEqual(4);
  });
  await new Promise(resolve => setTimeout(resolve, 1_500)); // so long the others wait
  await holder.query("commit");
  holder.release();
  await Promise.all(asking);
  expect(await find("pool")).toMatchObject({
    level: expect.stringMatching(/warn|error/), // by the length of the wait
    fix: expect.stringContaining("DATABASE_POOL_SIZE=8"),
  });
  await eventually(async () => expect((await find("pool")).level).toBe("ok"));
});

test("an event loop that was blocked for two seconds once is seen by two runs: it opens an alert, which is cleared", async () => {
  const look = () => seeHealth(app, readConfig({ DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir }));
  const alerts = async () => {
    const page = await app.owner.api<AlertPage>("GET", `/websites/${app.website.id}/alerts/history`);
    return page.alerts.filter(({ check }) => check === "event-loop");
  };
  await eventually(async () => expect((await look()).check("event-loop")!.level).toBe("ok"));
  const before = (await alerts()).length;
  const end = Date.now() + 2_000;
  while (Date.now() < end); // the server is in this process
  for (let run = 0; run < 2; run++) {
    const levels = (await look()).levels("event-loop");
    expect(levels[0]).toMatch(/warn|error/); // by what else the machine does
    expect(levels).toEqual([levels[0], levels[0], levels[0]]);
  }
  expect((await alerts()).length).toBe(before + 1);
  await eventually(async () => {
    expect((await look()).check("event-loop")!.level).toBe("ok");
    expect((await alerts())[0]!.clearedAt).not.toBeNull();
  });
});

test("a job that was given up is found, without its payload, and runs again at the press of a button", async () => {
  const ended = { userId: "00000000-0000-7000-8000-000000000000", note: "secret words" };
  await app.sql.query("select prochat_jobs.add_job('no-such-task', $1::json, max_attempts => 1)", [
    JSON.stringify(ended),
  ]);
  await app.sql.query(
    "update prochat_jobs._private_jobs set attempts = max_attempts, last_error = 'secret words' where payload::text like '%secret words%'",
  );
  const dead = await find("jobs-dead");
  expect(dead).toMatchObject({ level: "warn", value: 1, facts: ["no-such-task: 1"] });
  expect(JSON.stringify(await read())).not.toContain("secret words");
  await mend("retry-jobs");
  await eventually(async () => expect((await find("jobs-dead")).level).toBe("ok"));
});

test("a Redis that removes keys to make space is an error", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const other = await startApp({ redisUrl: redis.url });
  onTestFinished(() => other.stop());
  expect((await find("redis-evictions", other)).level).toBe("ok");
  // The counters of the last minute are the ones to compare with.
  await other.sql.query("update health_history set at = at - interval '2 minutes' where period = 'minute'");
  const { createClient } = await import("@redis/client");
  const client = await createClient({ url: redis.url }).connect();
  await client.configSet({ maxmemory: "3mb", "maxmemory-policy": "allkeys-lru" });
  for (let key = 0; key < 400; key++) await client.set(`filler-${key}`, "x".repeat(20_000));
  client.destroy();
  expect(await find("redis-evictions", other)).toMatchObject({
    level: "error",
    fix: expect.stringContaining("maxmemory"),
  });
  expect((await find("redis-memory", other)).level).toMatch(/warn|error/);
});

test("while PostgreSQL is frozen, a browser that may see the page opens it with the last report; others do not", async () => {
  const cluster = await startScratchCluster();
  await migrate(cluster.url, { log: silent });
  const frozen = await startApp({ database: { url: cluster.url, drop: async () => {} } });
  onTestFinished(async () => {
    await frozen.stop();
    await cluster.stop();
  });
  const agent = await frozen.agent();
  const report = await read(frozen);
  // Loading any page of the dashboard is enough.
  const { headers } = await frozen.owner.call("GET", "/me");
  expect(headers.get("set-cookie")).toMatch(/prochat\.health-\w+=.*Path=\/api\/v1\/health; HttpOnly; SameSite=Strict/);
  expect((await agent.call("GET", "/me")).headers.get("set-cookie")).toBeNull();
  const last = (cookie: string) => fetch(`${frozen.url}/api/v1/health/last`, { headers: { cookie } });
  const cookie = frozen.owner.headers.cookie!;
  expect((await last(cookie)).status).toBe(409); // while the database can say who may

  const thaw = freezePostgres(cluster.pid());
  onTestFinished(thaw);
  const answer = await last(cookie);
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as HealthReport).checks.length).toBe(report.checks.length);
  expect((await fetch(`${frozen.url}/health`)).status).toBe(200);
  expect((await fetch(`${frozen.url}/ready`)).status).toBe(503);
  const pass = cookie.split("; ").find(each => each.startsWith("prochat.health-"))!;
  const session = cookie.split("; ").find(each => !each.startsWith("prochat.health-"))!;
  for (const stolen of ["", pass, session, `${session}; ${pass}x`, `${agent.headers.cookie}; ${pass}`])
    expect((await last(stolen)).status, stolen).toBe(403);

  thaw();
  await eventually(async () => expect((await last(cookie)).status).toBe(409));
  expect((await read(frozen)).checks.length).toBe(report.checks.length);
});

test("twenty people who look at the page cost one run of the checks, and the figures are read once for all", async () => {
  await app.sql.query(`
    insert into websites (name, public_key, identity_secret, allowed_origins)
    select 'Website ' || i, 'key-' || i, 'secret', '{}' from generate_series(1, 5000) as i`);
  await find("database");
  await app.sql.query("select pg_stat_reset()");
  const before = await read();
  const scansOf = async (table: string) => {
    const text =
      "select coalesce(sum(seq_scan + idx_scan), 0)::integer as scans from pg_stat_user_tables where relname = $1";
    return (await app.sql.query<{ scans: number }>(text, [table])).rows[0]!.scans;
  };
  const viewer = async () => {
    const [report] = await Promise.all([
      app.owner.api<HealthReport>("GET", pathOf(app)),
      app.owner.api("GET", `${pathOf(app)}/history?period=minute&checks=connections,pool`),
      app.owner.api("GET", `${pathOf(app)}/history?period=day&checks=database-size`),
      app.owner.api("GET", `${pathOf(app)}/sessions`),
    ]);
    return report.at;
  };
  const seen = await Promise.all(Array.from({ length: 20 }, viewer));
  // At most one run of the clock came between.
  expect(new Set([before.at, ...seen]).size).toBeLessThanOrEqual(2);
  await eventually(async () => expect(await scansOf("sessions")).toBeGreaterThanOrEqual(80)); // they have been counted
  // Each of both periods once, what a run of the clock reads and writes, and again if the test takes long.
  expect(await scansOf("health_history")).toBeLessThan(40);
});

test("the figures of the history are those that were asked for", async () => {
  const { rows } = await app.owner.api<HealthHistory>("GET", `${pathOf(app)}/history?checks=connections`);
  expect(Object.keys(rows.at(-1)!.figures)).toEqual(["connections"]);
});
