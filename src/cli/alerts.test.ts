import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { clearAlert, insertAlert } from "#database/health/alerts/alerts.ts";
import { insertChannel } from "#database/health/alerts/channels.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { runCli } from "#lab/programs/programs.ts";
import { startWebhookReceiver, type WebhookReceiver } from "#lab/programs/receivers.ts";
import { newWebhookSecret } from "#platform/webhooks/sign.ts";
import type { AlertLevel } from "#protocol/alerts.ts";
import type { HealthCheck } from "#protocol/health.ts";

/** One after another: each goes on where the one before ended. */

let database: TestDatabase;
let connection: Connection;
let hook: WebhookReceiver;
const alertIds = { "disk-free": uuidv7(), slots: uuidv7() };

beforeAll(async () => {
  [database, hook] = await Promise.all([cloneDatabase(), startWebhookReceiver()]);
  connection = connect({ url: database.url, poolSize: 1, onError: () => {} });
});
afterAll(async () => {
  await connection?.close();
  await Promise.all([database?.drop(), hook?.stop()]);
});

const run = (...args: string[]) =>
  runCli(["alerts", ...args], { env: { DATABASE_URL: database.url, WEBHOOK_NETWORKS: "any" } });

const openAlert = (id: keyof typeof alertIds, level: AlertLevel, why: string) => {
  const found: HealthCheck = {
    ...{ id, title: "", area: "database", about: "database", level, since: "2026-11-30T08:00:00.000Z" },
    ...{ seenAt: null, value: null, unit: "bytes", healthy: "", why, fix: "Free some space.", facts: [], docs: "" },
  };
  const at = new Date("2026-11-30T08:00:00Z");
  return insertAlert(connection.db, { id: alertIds[id], level, found, host: null, since: at, openedAt: at });
};

test("without alerts and channels it says so, and what to do", async () => {
  expect(await run()).toEqual({
    code: 0,
    stdout:
      "No alert is open.\n\nThere is no channel, so no alert is sent. Add one in the dashboard: Settings, Alerts.\n",
    stderr: "",
  });
  expect(await run("test")).toMatchObject({
    code: 1,
    stdout: "There is no channel. Add one in the dashboard: Settings, Alerts.\n",
  });
});

test("an open error ends it with 1, a warning does not; what names and reasons hold cannot control the terminal", async () => {
  await openAlert("slots", "warn", "The slot \u001b[2Jforgotten keeps 2 GB.");
  const warned = await run();
  expect(warned).toMatchObject({ code: 0, stderr: "" });
  expect(warned.stdout).toMatch(
    /^warn {6}slots {2}since 2026-11-30 08:00: The slot \?\[2Jforgotten keeps 2 GB\. Free some space\.$/m,
  );
  await openAlert("disk-free", "error", "2 MB are free.");
  const failed = await run("--json");
  expect(failed.code).toBe(1);
  const overview = JSON.parse(failed.stdout);
  expect(Object.keys(overview)).toEqual(["open", "silences", "channels", "recent"]);
  expect(overview.open.map(({ check }: { check: string }) => check).sort()).toEqual(["disk-free", "slots"]);

  await clearAlert(connection.db, { id: alertIds["disk-free"], at: new Date("2026-11-30T09:30:00Z") });
  const cleared = await run();
  expect(cleared.code).toBe(0);
  expect(cleared.stdout).toMatch(/^cleared {3}2026-11-30 08:00 to 2026-11-30 09:30 {2}error {2}disk-free$/m);
});

test("a test goes to each channel, and says which of them did not take it", async () => {
  const secret = newWebhookSecret();
  const channel = { kind: "webhook", target: `${hook.url}/secret-path`, minLevel: "warn", createdBy: null } as const;
  await insertChannel(connection.db, { id: uuidv7(), ...channel, secret });
  const host = new URL(hook.url).host;
  expect(await run("test")).toEqual({ code: 0, stdout: `ok      webhook ${host}\n`, stderr: "" });
  expect(hook.received).toHaveLength(1);
  expect(JSON.parse(hook.received[0]!.body).type).toBe("alert.test");

  hook.answerWith(500);
  const refused = await run("test", "--json");
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toEqual([
    { kind: "webhook", target: host, problem: expect.stringContaining("500") },
  ]);
  expect((await run()).stdout).toContain(`channel   webhook ${host}: nothing was sent yet`);
});

test("a check is silenced until a time, by whom and why; a wrong check or time is refused", async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  expect(await run("silence", "disk-full-of-cats", "--until", until)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("disk-full-of-cats"),
  });
  expect((await run("silence", "slots", "--until", "2020-01-01T00:00:00Z")).code).toBe(1);
  expect((await run("silence", "slots", "--until", "tomorrow")).code).not.toBe(0);
  expect((await run("silence", "slots")).code).not.toBe(0);

  const silenced = await run("silence", "slots", "--until", until, "--reason", "A copy is made");
  expect(silenced).toMatchObject({ code: 0, stdout: `Nothing is sent about slots until ${until}.\n` });
  expect((await run()).stdout).toMatch(/^silenced {2}slots {2}until .*: A copy is made$/m);
  const { rows } = await connection.pool.query("select action from audit_log order by id");
  expect(rows.map(({ action }) => action)).toEqual(["alert_channel.tested", "alert_channel.tested", "alert.silenced"]);
});
