import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { scrape } from "#lab/programs/metrics.ts";
import { startRedis } from "#lab/programs/redis.ts";
import { startTcpProxy } from "#lab/proxies/tcp-proxy.ts";
import type { HealthCheck, HealthFix, HealthHistory, HealthReport, HealthSessions } from "#protocol/health.ts";

let app: App;
beforeAll(async () => {
  app = await startApp({ env: { DATABASE_POOL_SIZE: "4" } });
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
    for (const path of ["", "/history?period=day", "/sessions"])
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
  await new Promise(resolve => setTimeout(resolve, 1_500));
  await holder.query("commit");
  holder.release();
  await Promise.all(asking);
  expect(await find("pool")).toMatchObject({
    level: expect.stringMatching(/warn|error/), // by the length of the wait
    fix: expect.stringContaining("DATABASE_POOL_SIZE=8"),
  });
  await eventually(async () => expect((await find("pool")).level).toBe("ok"));
});

test("an event loop that is blocked for two seconds is found, in metrics too, and is well in the next run", async () => {
  await find("event-loop");
  const end = Date.now() + 2_000;
  while (Date.now() < end); // the server is in this process
  const { level } = await find("event-loop");
  expect(level).toMatch(/warn|error/); // by what else the machine does
  expect((await scrape(app.url)).sum("prochat_check", { check: "event-loop", level })).toBe(1);
  await eventually(async () => expect((await find("event-loop")).level).toBe("ok"));
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

test("while the database is frozen, a browser that has read the report still gets the last one, others do not", async () => {
  const database = await cloneDatabase();
  const proxy = await startTcpProxy(database.url);
  const url = Object.assign(new URL(database.url), { port: new URL(proxy.url).port }).href;
  const frozen = await startApp({ env: { DATABASE_URL: url }, database });
  onTestFinished(async () => {
    await frozen.stop();
    await proxy.close();
    await database.drop();
  });
  await read(frozen);
  const response = await fetch(`${frozen.url}/api/v1${pathOf(frozen)}`, { headers: frozen.owner.headers });
  const cookie = response.headers.get("set-cookie")!.split(";")[0]!;
  expect(cookie).toContain("prochat.health-");
  expect(response.headers.get("set-cookie")).toContain("HttpOnly");

  proxy.dropSilently();
  const last = (headers: Record<string, string>) => fetch(`${frozen.url}/api/v1/health/last`, { headers });
  const answer = await last({ cookie });
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as HealthReport).checks.length).toBeGreaterThan(30);
  expect((await last({})).status).toBe(403);
  expect((await last({ cookie: `${cookie}x` })).status).toBe(403);
  expect((await fetch(`${frozen.url}/health`)).status).toBe(200);
  expect((await fetch(`${frozen.url}/ready`)).status).toBe(503);
});
