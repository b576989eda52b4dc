import { expect, onTestFinished, test } from "vitest";
import { startApp } from "#lab/actors/app.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { scrape } from "#lab/programs/metrics.ts";
import { startWebhookReceiver } from "#lab/programs/receivers.ts";
import { startRedis } from "#lab/programs/redis.ts";
import { startTcpProxy } from "#lab/proxies/tcp-proxy.ts";
import type { AlertWebhook } from "#protocol/alerts.ts";

test("the first report is there right after the start: in /ready, in metrics and in the database", async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  await eventually(async () => {
    const ready = (await (await fetch(`${app.url}/ready`)).json()) as { health?: string };
    expect(ready.health).toBeDefined();
    const metrics = await scrape(app.url);
    expect(metrics.sum("prochat_check", { check: "event-loop", level: "ok" })).toBe(1);
    expect(metrics.sum("prochat_check", { check: "indexes-missing" })).toBe(1);
    expect(metrics.sum("prochat_database_size_bytes")).toBeGreaterThan(1_000_000);
    expect(metrics.sum("prochat_checks_timestamp_seconds")).toBeGreaterThan(Date.now() / 1000 - 60);
  });
  const { rows } = await app.sql.query("select report->>'level' as level from health_reports");
  expect(rows).toHaveLength(1);
});

test("with two processes the report has the vitals of both, and each answers with it", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const app = await startApp({ redisUrl: redis.url, processes: 2 });
  onTestFinished(() => app.stop());
  await eventually(async () => {
    for (let request = 0; request < 4; request++) {
      const ready = (await (await fetch(`${app.url}/ready`)).json()) as { health?: string };
      expect(ready.health).toBeDefined();
    }
    const { rows } = await app.sql.query(`
      select c->'facts' as facts
      from health_reports, jsonb_array_elements(report->'checks') as c
      where c->>'id' = 'pool'`);
    expect(rows[0].facts.map((fact: string) => fact.slice(0, 9))).toEqual(
      expect.arrayContaining(["process 1", "process 2"]),
    );
    expect((await scrape(app.url)).sum("prochat_redis_memory_used_ratio")).toBe(0);
  });
});

test("a server that cannot see its database sends one alert, and one that it is back", async () => {
  const [database, hook] = await Promise.all([cloneDatabase(), startWebhookReceiver()]);
  const proxy = await startTcpProxy(database.url);
  const url = Object.assign(new URL(database.url), { port: new URL(proxy.url).port }).href;
  const app = await startApp({
    env: { DATABASE_URL: url, CHECK_SECONDS: "1", WEBHOOK_NETWORKS: "any", LOG_LEVEL: "error" },
    database,
  });
  onTestFinished(async () => {
    await app.stop();
    await proxy.close();
    await Promise.all([database.drop(), hook.stop()]);
  });
  const channel = { kind: "webhook", target: hook.url, minLevel: "error" };
  await app.owner.api("POST", `/websites/${app.website.id}/alerts/channels`, channel);
  const known = () =>
    hook.received.map(({ body }) => JSON.parse(body) as AlertWebhook).filter(({ data }) => data.check === "database");
  const goodRuns = async () => {
    const { rows } = await app.sql.query("select good_runs as runs from alert_states where check_id = 'database'");
    return rows[0]?.runs ?? 0;
  };
  const before = await goodRuns();
  await eventually(async () => expect(await goodRuns()).toBeGreaterThan(before)); // the channel is in memory then
  proxy.block(true);
  await eventually(() => expect(known().map(({ type }) => type)).toEqual(["alert.fired"]));
  proxy.block(false);
  await eventually(() => expect(known().map(({ type }) => type)).toEqual(["alert.fired", "alert.cleared"]));
  expect(known()[1]!.data.alertId).toBe(known()[0]!.data.alertId);
});
