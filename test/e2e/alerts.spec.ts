import { borrowDatabase } from "#database/embedded/open-database.ts";
import { silent } from "#lab/programs/log.ts";
import { startMailServer, startWebhookReceiver } from "#lab/programs/receivers.ts";
import { openPool } from "#lab/sql/pool.ts";
import type { AlertWebhook } from "#protocol/alerts.ts";
import { expectAccessible } from "./accessibility.ts";
import { expect, setUp, test } from "./chat.ts";
import { startServer } from "./server.ts";

test("a fault is one alert on the page, by mail and by webhook; when it is mended, one says so", async ({ visit }) => {
  const [mail, hook] = await Promise.all([startMailServer(), startWebhookReceiver()]);
  const server = await startServer({
    ...{ CHECK_SECONDS: "4", WEBHOOK_NETWORKS: "any", SMTP_URL: mail.url, MAIL_FROM: "chat@example.com" },
  });
  const chat = await setUp(server);
  const website = chat.owner.me.websites[0]!;
  const { url } = await borrowDatabase({ dataDir: server.dataDir, databaseUrl: null, log: silent });
  const sql = openPool({ connectionString: url, max: 1 });
  const page = await visit(`${chat.url}/w/${website.id}/settings`, { as: chat.owner });
  await page.getByRole("link", { name: "Alerts" }).click();

  const form = page.getByRole("form", { name: "Add a channel" });
  await form.getByRole("textbox", { name: "E-mail address" }).fill("admin@example.com");
  await form.getByRole("button", { name: "Add channel" }).click();
  const channels = page.getByRole("list", { name: "Channels" });
  await expect(channels.getByRole("listitem")).toHaveCount(1);
  await form.getByRole("combobox", { name: "Channel" }).click();
  await page.getByRole("option", { name: "Webhook" }).click();
  await form.getByRole("textbox", { name: "Address" }).fill(`${hook.url}/hook`);
  await form.getByRole("button", { name: "Add channel" }).click();
  await expect(form.getByRole("textbox", { name: "Secret of the webhook" })).toHaveValue(/^whsec_/);
  await channels.getByRole("button", { name: "Send a test to admin@example.com" }).click();
  await expect(page.getByText("admin@example.com has taken the test.")).toBeVisible();
  // An alert of another check may have come meanwhile.
  expect(mail.received.filter(({ source }) => source.includes("Subject: Test of alerts"))).toHaveLength(1);

  await sql.query("drop index conversations_inbox");
  const open = page.getByRole("list", { name: "Open alerts" });
  const alert = open.getByRole("listitem").filter({ hasText: "Missing indexes" });
  const aboutIndexes = () =>
    hook.received
      .map(({ body }) => JSON.parse(body) as AlertWebhook)
      .filter(each => each.data.check === "indexes-missing");
  await expect.poll(() => aboutIndexes().map(({ type }) => type)).toEqual(["alert.fired"]);
  await expect(alert).toContainText("1 index that queries need is missing");
  await alert.getByRole("button", { name: "Acknowledge: Missing indexes" }).click();
  await expect(alert).toContainText("Olga Owner has seen it");
  await expectAccessible(page, "alerts, one open");

  await alert.getByRole("link", { name: "Details" }).click();
  const toDo = page.getByRole("region", { name: "What to do" });
  await toDo.getByRole("button", { name: "Build missing indexes" }).click();
  await expect.poll(() => aboutIndexes().map(({ type }) => type)).toEqual(["alert.fired", "alert.cleared"]);
  const subjects = () =>
    mail.received.flatMap(({ source }) => /^Subject: (.*Missing indexes)/m.exec(source)?.[1] ?? []);
  await expect.poll(subjects).toEqual(["Problem: Missing indexes", "Cleared: Missing indexes"]);
  await page.getByRole("link", { name: "Alerts" }).click();
  const past = page.getByRole("list", { name: "History" }).getByRole("listitem").filter({ hasText: "Missing indexes" });
  await expect(past).toContainText("acknowledged by Olga Owner");
  await expect(alert).toHaveCount(0);

  await sql.end();
  await server.stop();
  await Promise.all([mail.stop(), hook.stop()]);
});

test("a check is silenced with a reason, and the page says who did it", async ({ freshServer, visit }) => {
  const chat = await setUp(freshServer);
  const website = chat.owner.me.websites[0]!;
  const page = await visit(`${chat.url}/w/${website.id}/settings/alerts`, { as: chat.owner });
  await expect(page.getByText("There is no channel")).toBeVisible();
  await page.getByRole("button", { name: "Silence a check" }).click();
  const dialog = page.getByRole("dialog", { name: "Silence a check" });
  await dialog.getByRole("combobox", { name: "Check" }).click();
  await page.getByRole("option", { name: "Missing indexes" }).click();
  await dialog.getByRole("textbox", { name: "Reason" }).fill("We build it tonight");
  await dialog.getByRole("button", { name: "Silence", exact: true }).click();
  const silence = page.getByRole("list", { name: "Silences" }).getByRole("listitem");
  await expect(silence).toContainText("We build it tonight");
  await expect(silence).toContainText("by Olga Owner");
  await silence.getByRole("button", { name: "End silence: Missing indexes" }).click();
  await expect(page.getByText("No check is silenced.")).toBeVisible();
});
