import { Webhook } from "standardwebhooks";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { listAlerts, listOpenAlerts } from "#database/health/alerts/alerts.ts";
import { insertChannel } from "#database/health/alerts/channels.ts";
import { takeDueDeliveries } from "#database/health/alerts/deliveries.ts";
import { alertRules } from "#database/health/alerts/judge.ts";
import { storeServerReport } from "#database/health/alerts/rounds.ts";
import { runRound } from "#database/health/alerts/run-round.ts";
import { endSilence, insertSilence } from "#database/health/alerts/silences.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent } from "#lab/programs/log.ts";
import {
  type MailServer,
  startMailServer,
  startWebhookReceiver,
  type WebhookReceiver,
} from "#lab/programs/receivers.ts";
import { newWebhookSecret } from "#platform/webhooks/sign.ts";
import type { AlertWebhook } from "#protocol/alerts.ts";
import type { HealthCheck, HealthLevel, HealthReport } from "#protocol/health.ts";
import { watchAway } from "./away.ts";
import { deliverAlerts } from "./deliver.ts";

/** The rules, the database and real receivers; the reports of the checks are made up, a run after another. */

let database: TestDatabase;
let connection: Connection;
let mail: MailServer;
let hook: WebhookReceiver;
let secret: string;

beforeAll(async () => {
  [database, mail, hook] = await Promise.all([cloneDatabase(), startMailServer(), startWebhookReceiver()]);
  connection = connect({ url: database.url, poolSize: 2, onError: () => {} });
});
afterAll(async () => {
  await connection.close();
  await Promise.all([database.drop(), mail.stop(), hook.stop()]);
});

beforeEach(async () => {
  await sql("truncate health_servers, alert_states, alerts, alert_silences, alert_channels, alert_deliveries");
  await sql("update alert_rounds set judged_at = '-infinity'");
  hook.received.length = 0;
  mail.received.length = 0;
  hook.answerWith(204);
  secret = newWebhookSecret();
});

const sql = async (text: string) => (await connection.pool.query(text)).rows;

const addChannel = (kind: "email" | "webhook" | "slack", target: string, minLevel: "warn" | "error" = "warn") =>
  insertChannel(connection.db, {
    ...{ id: uuidv7(), kind, target, minLevel, createdBy: null },
    secret: kind === "webhook" ? secret : null,
  });

const url = "https://chat.example.com/w/1/settings/database";
const settings = () => ({ mail: { url: mail.url, from: "chat@example.com" }, webhookNetworks: "any" as const });

const checkOf = (id: string, level: HealthLevel, about: HealthCheck["about"] = "database"): HealthCheck => ({
  ...{
    id,
    level,
    about,
    area: "database" as const,
    title: `Title of ${id}`,
    unit: "count",
    value: 3,
    healthy: "0",
    docs: `docs/health.md#${id}`,
  },
  ...{ since: "2026-11-29T10:00:00.000Z", seenAt: null, facts: ["CREATE INDEX CONCURRENTLY ON <visitors>;"] },
  why: level === "ok" ? "It is well." : "It is bad & loud.",
  fix: level === "ok" ? null : "Mend it.",
});

const reportOf = (...checks: HealthCheck[]): HealthReport => ({
  ...{ at: new Date().toISOString(), level: "ok", summary: "", checks },
});

const server = uuidv7();

/** One run of a server, and what it sends. */
async function run(...checks: HealthCheck[]): Promise<void> {
  await storeServerReport(connection.db, { id: server, host: "one", report: reportOf(...checks) });
  await runRound(connection.db, { rules: alertRules, everyMs: 0, url });
  await deliverAlerts(connection.db, settings(), silent);
}

async function runs(count: number, ...checks: HealthCheck[]): Promise<void> {
  for (let each = 0; each < count; each++) await run(...checks);
}

const webhooks = (path = "/hook") =>
  hook.received.filter(each => each.path === path).map(({ body }) => JSON.parse(body) as AlertWebhook);
const ids = (path = "/hook") =>
  hook.received.filter(each => each.path === path).map(each => each.headers["webhook-id"]);
const kinds = (path?: string) => webhooks(path).map(({ data }) => `${data.kind} ${data.level}`);

test("a fault is one notice for each channel, and one that it is cleared", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  await addChannel("slack", `${hook.url}/slack`);
  await addChannel("email", "admin@example.com");
  await run(checkOf("locks", "error"));
  expect(hook.received).toEqual([]);
  await runs(5, checkOf("locks", "error"));
  await runs(2, checkOf("locks", "ok"));
  expect(kinds()).toEqual(["fired error"]);
  await runs(4, checkOf("locks", "ok"));
  expect(kinds()).toEqual(["fired error", "cleared error"]);
  const [fired, cleared] = webhooks();
  expect(fired).toMatchObject({ type: "alert.fired", data: { check: "locks", why: "It is bad & loud.", url } });
  expect(cleared).toMatchObject({ type: "alert.cleared", data: { why: "It is well.", fix: null } });
  expect(cleared!.data.alertId).toBe(fired!.data.alertId);
  expect(new Set(ids()).size).toBe(2);
  for (const { body, headers } of hook.received.filter(({ path }) => path === "/hook"))
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));

  const texts = hook.received.filter(({ path }) => path === "/slack").map(({ body }) => JSON.parse(body).text);
  expect(texts).toHaveLength(2);
  expect(texts[0]).toContain("*Problem: Title of locks*\nIt is bad &amp; loud.");
  expect(texts[0]).toContain("&lt;visitors&gt;");

  expect(mail.received.map(({ source }) => /^Subject: (.*)$/m.exec(source)![1]!.trim())).toEqual([
    "Problem: Title of locks (chat.example.com)",
    "Cleared: Title of locks (chat.example.com)",
  ]);
  const [first] = mail.received;
  for (const line of ["What to do first: Mend it.", "    CREATE INDEX CONCURRENTLY", `The page: ${url}`])
    expect(first!.source).toContain(line);
  expect(await listAlerts(connection.db, { before: null, limit: 10 })).toMatchObject([{ checkId: "locks" }]);
  expect(await listOpenAlerts(connection.db)).toEqual([]);
});

test("a channel for problems only gets no warning, the problem that it becomes, and its end", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  await addChannel("webhook", `${hook.url}/problems`, "error");
  await runs(3, checkOf("locks", "warn"));
  expect([kinds(), kinds("/problems")]).toEqual([["fired warn"], []]);
  await runs(3, checkOf("locks", "error"));
  expect([kinds(), kinds("/problems")]).toEqual([["fired warn", "worsened error"], ["worsened error"]]);
  await sql("update alert_states set changed_before = null"); // two changes in ten minutes make the third one wait
  await runs(3, checkOf("locks", "ok"));
  expect(kinds()).toHaveLength(3);
  expect(kinds("/problems")).toEqual(["worsened error", "cleared error"]);
  await runs(3, checkOf("cache-hits", "warn"));
  await runs(3, checkOf("cache-hits", "ok"));
  expect(kinds("/problems")).toHaveLength(2);
});

test("what goes up and down for ten minutes sends two notices", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  for (let round = 0; round < 6; round++) {
    await runs(2, checkOf("locks", "error"));
    await runs(3, checkOf("locks", "ok"));
  }
  expect(kinds()).toEqual(["fired error", "cleared error"]);
});

test("unknown checks send nothing, as many as they are", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  const many = Array.from({ length: 30 }, (_, index) => checkOf(`check-${index}`, "unknown"));
  await runs(5, ...many);
  expect(hook.received).toEqual([]);
});

test("a receiver that is away gets both notices when it is back, in their order, with the ids of the first try", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  hook.answerWith(503);
  await runs(2, checkOf("locks", "error"));
  const [firstId] = ids();
  await runs(3, checkOf("locks", "ok"));
  expect(kinds()).toEqual(["fired error"]); // the second one waits behind it
  hook.answerWith(204);
  // Another server: nothing of this is in memory.
  const other = connect({ url: database.url, poolSize: 1, onError: () => {} });
  onTestFinished(() => other.close());
  expect(await deliverAlerts(other.db, settings(), silent)).toBeGreaterThan(0);
  expect(kinds()).toHaveLength(1); // not before its time
  await sql("update alert_deliveries set next_try_at = now() where delivered_at is null");
  expect(await deliverAlerts(other.db, settings(), silent)).toBeNull();
  expect(kinds()).toEqual(["fired error", "fired error", "cleared error"]);
  expect(ids()[1]).toBe(firstId);
  expect(hook.received[1]!.body).toBe(hook.received[0]!.body);
});

test("a notice that a server took and died with is sent by the next one; two never take the same", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  await storeServerReport(connection.db, { id: server, host: "one", report: reportOf(checkOf("locks", "error")) });
  for (let each = 0; each < 2; each++) await runRound(connection.db, { rules: alertRules, everyMs: 0, url });
  const taken = await Promise.all([takeDueDeliveries(connection.db, 10), takeDueDeliveries(connection.db, 10)]);
  expect(taken.map(each => each.length).sort()).toEqual([0, 1]);
  await deliverAlerts(connection.db, settings(), silent);
  expect(hook.received).toEqual([]);
  await sql("update alert_deliveries set next_try_at = now()");
  await deliverAlerts(connection.db, settings(), silent);
  expect(ids()).toEqual([taken.flat()[0]!.id]);
});

test("a pause grows to ten minutes, and after three days a notice is given up", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  hook.answerWith(500);
  await runs(2, checkOf("locks", "error"));
  const pause = async () =>
    (
      await sql("select extract(epoch from next_try_at - now())::float as s, problem, attempts from alert_deliveries")
    )[0];
  const first = await pause();
  expect(first).toMatchObject({ problem: "It answered 500.", attempts: 1 });
  expect(first.s).toBeLessThan(10);
  await sql("update alert_deliveries set attempts = 30, next_try_at = now()");
  await deliverAlerts(connection.db, settings(), silent);
  const later = await pause();
  expect(later.s).toBeGreaterThan(400);
  expect(later.s).toBeLessThan(800);
  await sql("update alert_deliveries set created_at = now() - interval '73 hours', next_try_at = now()");
  await deliverAlerts(connection.db, settings(), silent);
  expect(await sql("select given_up_at is not null as given_up from alert_deliveries")).toEqual([{ given_up: true }]);
});

test("a silenced check is recorded and not sent; when the silence ends, it is", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  const id = uuidv7();
  await insertSilence(connection.db, {
    ...{ id, checkId: "locks", until: new Date(Date.now() + 3_600_000), reason: "Secret plans" },
    ...{ createdBy: null, createdByName: "Ada" },
  });
  await runs(3, checkOf("locks", "error"), checkOf("heap", "error"));
  expect(webhooks().map(({ data }) => data.check)).toEqual(["heap"]);
  expect(await listOpenAlerts(connection.db)).toHaveLength(2);
  await endSilence(connection.db, id);
  await run(checkOf("locks", "error"), checkOf("heap", "error"));
  expect(webhooks().map(({ data }) => data.check)).toEqual(["heap", "locks"]);
  expect(JSON.stringify(hook.received)).not.toContain("Secret plans");
});

test("of several servers one judges in a round, by what all of them see", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  const servers = ["one", "two", "three"].map(host => ({ host, id: uuidv7() }));
  const results: boolean[] = [];
  for (let minute = 0; minute < 4; minute++) {
    await sql("update alert_rounds set judged_at = now() - interval '2 minutes'");
    const round = await Promise.all(
      servers.map(async ({ id, host }) => {
        const level = host === "two" ? "error" : "ok";
        const report = reportOf(checkOf("heap", level, "server"), checkOf("locks", "error"));
        await storeServerReport(connection.db, { id, host, report });
        return runRound(connection.db, { rules: alertRules, everyMs: 60_000, url });
      }),
    );
    results.push(...round.map(each => each !== null));
    await deliverAlerts(connection.db, settings(), silent);
  }
  expect(results.filter(Boolean)).toHaveLength(4);
  expect(
    webhooks()
      .map(({ data }) => `${data.check} ${data.host}`)
      .sort(),
  ).toEqual(["heap two", "locks null"]);
});

test("a database that is away is one alert of memory, which a restart does not repeat, and which is cleared when it is back", async () => {
  await addChannel("webhook", `${hook.url}/hook`);
  const dataDir = makeFolder();
  const start = () => watchAway({ dataDir, rules: alertRules, settings: settings(), log: silent });
  const gone = () => reportOf(checkOf("database", "error"), checkOf("locks", "unknown"));
  const away = start();
  await away.back(connection.db);
  await away.seen(gone(), url);
  expect(hook.received).toEqual([]);
  hook.answerWith(503);
  await away.seen(gone(), url);
  hook.answerWith(204);
  await away.seen(gone(), url);
  await away.seen(gone(), url);
  expect(kinds()).toEqual(["fired error", "fired error"]); // the second try, with the same id
  expect(new Set(ids()).size).toBe(1);
  expect(webhooks()[0]!.data).toMatchObject({ title: "The server cannot see its database", host: expect.any(String) });

  const restarted = start();
  await restarted.back(connection.db);
  await restarted.back(connection.db);
  expect(await listOpenAlerts(connection.db)).toMatchObject([{ checkId: "database", toldLevel: "error" }]);
  await runs(2, checkOf("database", "ok"));
  expect(kinds()).toHaveLength(2);
  await run(checkOf("database", "ok"));
  expect(kinds()).toEqual(["fired error", "fired error", "cleared error"]);
  expect(webhooks()[2]!.data.alertId).toBe(webhooks()[0]!.data.alertId);

  // Away again a minute later: two notices were sent in the last ten minutes.
  await restarted.seen(gone(), url);
  await restarted.seen(gone(), url);
  expect(kinds()).toHaveLength(3);
});
