import { readFile } from "node:fs/promises";
import { unzip } from "#lab/unzip.ts";
import type { WebsiteChange } from "#protocol/websites.ts";
import { expectAccessible } from "./accessibility.ts";
import { expect, type Shop, test } from "./shop.ts";
import { widgetOn } from "./widget.ts";

const html = '<html lang="en"><h1>Bikes</h1>';
const notice = "We keep what you write for a year.";

test.afterEach(({ shop }) => change(shop, { privacyNotice: "", privacyLink: "", isNoticeRequired: false }));

const change = (shop: Shop, settings: WebsiteChange["settings"]) =>
  shop.owner.api("PATCH", `/websites/${shop.website.id}`, { settings });

test("until a required notice is accepted nothing is stored and nothing connects; then it is not asked again", async ({
  shop,
  visit,
}) => {
  await change(shop, { privacyNotice: notice, privacyLink: `${shop.url}/terms`, isNoticeRequired: true });
  const page = await visit(shop.page("/consent", html + shop.snippet()));
  const asked: string[] = [];
  page.on("request", request => void (request.url().includes("/api/") && asked.push(request.url())));
  page.on("websocket", socket => void asked.push(socket.url()));
  const { bubble, widget, kept, field, write, messages } = widgetOn(page);
  await bubble.click();
  const dialog = widget.getByRole("dialog", { name: "Before you chat" });
  await expect(dialog).toContainText(notice);
  await expect(dialog.getByRole("link", { name: "Privacy policy" })).toHaveAttribute("href", `${shop.url}/terms`);
  await expectAccessible(page, "privacy");
  expect({ asked, kept: await kept(), cookies: await page.context().cookies() }).toEqual({
    asked: [],
    kept: 0,
    cookies: [],
  });
  await dialog.getByRole("button", { name: "Not now" }).click();
  await expect(dialog).toBeHidden();
  await expect(bubble).toBeFocused();

  await bubble.click();
  await dialog.getByRole("button", { name: "Accept and chat" }).click();
  await expect(field).toBeFocused();
  await write("I agree");
  await expect(messages).toContainText("I agree");
  await expect.poll(async () => (await shop.stored("I agree")).length).toBe(1);

  await page.reload();
  await bubble.click();
  await expect(field).toBeFocused();
  await expect(messages).toContainText("I agree");
});

test("a notice that is only shown stands with the greeting, with its link", async ({ shop, visit }) => {
  await change(shop, { privacyNotice: notice, privacyLink: "https://shop.example/privacy" });
  const page = await visit(shop.page("/shown", shop.snippet()));
  const { open, messages } = widgetOn(page);
  await open();
  await expect(messages).toContainText(notice);
  await expect(messages.getByRole("link")).toHaveAttribute("href", "https://shop.example/privacy");
});

test("a visitor downloads their data, deletes it, undoes that, and deletes it again", async ({ shop, visit }) => {
  const page = await visit(shop.page("/mine", html + shop.snippet()));
  const { open, write, panel, widget, messages, bubble, kept } = widgetOn(page);
  await open();
  await write("Forget me later");
  await expect.poll(async () => (await shop.stored("Forget me later")).length).toBe(1);
  await panel.getByRole("button", { name: "Your data" }).click();
  const dialog = widget.getByRole("dialog", { name: "Your data" });
  await expectAccessible(page, "privacy");

  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download my data" }).click();
  const files = await unzip(await readFile(await (await downloading).path()));
  expect(files["messages.json"]).toContain("Forget me later");

  await dialog.getByRole("button", { name: "Delete my data…" }).click();
  await dialog.getByRole("button", { name: "Keep" }).click();
  await dialog.getByRole("button", { name: "Delete my data…" }).click();
  await dialog.getByRole("button", { name: "Delete everything" }).click();
  await expect(dialog.getByRole("status")).toContainText("Your data is deleted.");
  await expect(dialog.getByRole("heading", { name: "Receipt" })).toBeVisible();
  await expect(dialog).toContainText(/[0-9a-f-]{36}/);
  await expect(dialog).toContainText("Conversations: 1, messages: 1, and your details");
  await expectAccessible(page, "privacy");
  expect(await shop.stored("Forget me later")).toEqual([]);
  await dialog.getByRole("button", { name: "Undo" }).click();
  await expect(dialog.getByRole("status")).toContainText("Your conversations are back.");
  await expect.poll(async () => (await shop.stored("Forget me later")).length).toBe(1);

  await dialog.getByRole("button", { name: "Delete my data…" }).click();
  await dialog.getByRole("button", { name: "Delete everything" }).click();
  await expect(dialog.getByRole("status")).toContainText("Your data is deleted.");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect.poll(kept).toBe(0);
  await bubble.click();
  await expect(panel).toBeVisible();
  await expect(messages).not.toContainText("Forget me later");
});
