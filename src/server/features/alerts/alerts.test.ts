import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import {
  type MailServer,
  startMailServer,
  startWebhookReceiver,
  type WebhookReceiver,
} from "#lab/programs/receivers.ts";
import type { AlertOverview, AlertPage, AlertSilence, ChannelTest, CreatedChannel } from "#protocol/alerts.ts";

let app: App;
let mail: MailServer;
let hook: WebhookReceiver;
let path: string;
let webhook: CreatedChannel;

const env = () => ({
  CHECK_SECONDS: "300",
  WEBHOOK_NETWORKS: "any",
  SMTP_URL: mail.url,
  MAIL_FROM: "chat@example.com",
});

beforeAll(async () => {
  [mail, hook] = await Promise.all([startMailServer(), startWebhookReceiver()]);
  app = await startApp({ env: env() });
  path = `/websites/${app.website.id}/alerts`;
});
afterAll(async () => {
  await app.stop();
  await Promise.all([mail.stop(), hook.stop()]);
});

const overview = () => app.owner.api<AlertOverview>("GET", path);
const add = (kind: string, target: string) =>
  app.owner.api<CreatedChannel>("POST", `${path}/channels`, { kind, target });

/** The details of the entries of an action in the audit log. */
async function actions(action: string) {
  const { rows } = await app.sql.query("select details from audit_log where action = $1 order by id", [action]);
  return rows.map(({ details }) => details);
}

test("operators see and change alerts; admins and owners who are none do not", async () => {
  const { agent, stranger } = await app.scene();
  await expect(agent.api("GET", path)).rejects.toMatchObject({ code: "forbidden" });
  await expect(stranger.api("GET", path)).rejects.toMatchObject({ code: "not_found" });
  const own = `/websites/${stranger.me.websites[0]!.id}/alerts`;
  await expect(stranger.api("GET", own)).rejects.toMatchObject({ code: "forbidden" });
  await expect(stranger.api("GET", `${own}/history`)).rejects.toMatchObject({ code: "forbidden" });
  const channel = { kind: "email", target: "a@b.example" };
  await expect(stranger.api("POST", `${own}/channels`, channel)).rejects.toMatchObject({ code: "forbidden" });
});

test("a channel needs an address that can be one; its secret is shown once, and its path never", async () => {
  await expect(add("email", "nobody")).rejects.toMatchObject({ code: "invalid_request" });
  await expect(add("webhook", "example.com/hook")).rejects.toMatchObject({ code: "invalid_request" });
  webhook = await add("webhook", `${hook.url}/hook`);
  expect(webhook.secret).toMatch(/^whsec_/);
  const slack = await add("slack", `${hook.url}/slack`);
  expect(slack.secret).toBeNull();
  await add("email", "admin@example.com");
  const shown = JSON.stringify((await overview()).channels);
  expect(shown).not.toContain("whsec_");
  expect(shown).not.toContain("/slack");
  expect(shown).toContain("admin@example.com");
});

test("the test button says whether the receiver took it, and is in the audit log", async () => {
  const results = [];
  for (const { id } of (await overview()).channels)
    results.push(await app.owner.api<ChannelTest>("POST", `${path}/channels/${id}/test`));
  expect(results).toEqual([{ problem: null }, { problem: null }, { problem: null }]);
  expect(mail.received.at(-1)!.source).toMatch(/^Subject: Test of alerts/im);
  hook.answerWith(500);
  const refused = await app.owner.api<ChannelTest>("POST", `${path}/channels/${webhook.channel.id}/test`);
  hook.answerWith(204);
  expect(refused.problem).toBe("It answered 500.");
  const { rows } = await app.sql.query("select count(*)::integer from audit_log where action = 'alert_channel.tested'");
  expect(rows).toEqual([{ count: 4 }]);
});

test("an alert is acknowledged once, with who did it, and stays in the history", async () => {
  const id = uuidv7();
  const found = { id: "disk-free", title: "Free space", why: "The disk is full.", fix: "Buy one." };
  await app.sql.query(
    `insert into alerts (id, check_id, level, found, since, opened_at)
     values ($1, 'disk-free', 'error', $2, now(), now())`,
    [id, JSON.stringify(found)],
  );
  expect((await overview()).open).toMatchObject([{ id, title: "Free space", acknowledged: null, clearedAt: null }]);
  await app.owner.api("POST", `${path}/${id}/acknowledge`);
  await expect(app.owner.api("POST", `${path}/${id}/acknowledge`)).rejects.toMatchObject({ code: "not_found" });
  await app.sql.query("update alerts set cleared_at = now() where id = $1", [id]);
  expect((await overview()).open).toEqual([]);
  const page = await app.owner.api<AlertPage>("GET", `${path}/history`);
  expect(page).toMatchObject({ alerts: [{ id, acknowledged: { by: "Olga Owner" } }], nextCursor: null });
  expect(await actions("alert.acknowledged")).toEqual([{ check: "disk-free" }]);
});

test("a check is silenced until a time, with who and why, and the silence can be ended", async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const silence = (given: object) => app.owner.api<AlertSilence>("POST", `${path}/silences`, given);
  for (const wrong of [
    { check: "no-such-check", until, reason: "Because" },
    { check: "disk-free", until: "2020-01-01T00:00:00Z", reason: "Because" },
    { check: "disk-free", until: "2099-01-01T00:00:00Z", reason: "Because" },
    { check: "disk-free", until, reason: " " },
  ])
    await expect(silence(wrong)).rejects.toMatchObject({ code: "invalid_request" });
  const { id } = await silence({ check: "disk-free", until, reason: "A new disk comes." });
  expect((await overview()).silences).toMatchObject([
    { id, check: "disk-free", until, reason: "A new disk comes.", createdBy: "Olga Owner" },
  ]);
  await app.owner.api("DELETE", `${path}/silences/${id}`);
  await expect(app.owner.api("DELETE", `${path}/silences/${id}`)).rejects.toMatchObject({ code: "not_found" });
  expect((await overview()).silences).toEqual([]);
  expect(await actions("alert.silenced")).toEqual([{ check: "disk-free", until, reason: "A new disk comes." }]);
  expect(await actions("alert.silence_ended")).toEqual([{ check: "disk-free" }]);
});

test("a deleted channel is gone, with what waited for it", async () => {
  for (const { id } of (await overview()).channels) await app.owner.api("DELETE", `${path}/channels/${id}`);
  expect((await overview()).channels).toEqual([]);
  const { rows } = await app.sql.query("select from alert_deliveries");
  expect(rows).toEqual([]);
  expect(await actions("alert_channel.deleted")).toHaveLength(3);
});
