import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expectAccessible } from "./accessibility.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { widgetOn } from "./widget.ts";

test("an admin exports a conversation and the messages of a period, and downloads the files", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("Where is my parcel?");
  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const { page } = dashboard;
  await dashboard.rows("parcel").click();
  await page.getByRole("button", { name: "Export…" }).click();
  await page.getByRole("menuitem", { name: "JSON" }).first().click();

  await expect(page.getByRole("heading", { name: "Exports", exact: true })).toBeVisible();
  const rows = page.getByRole("list", { name: "Exports" }).getByRole("listitem");
  await expect(rows.first()).toContainText("One conversation");
  const json = await download(() => rows.first().getByRole("link", { name: "Download" }).click());
  expect(JSON.parse(String(gunzipSync(json))).messages).toMatchObject([{ body: "Where is my parcel?" }]);

  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Messages from");
  const csv = await download(() => rows.first().getByRole("link", { name: "Download" }).click());
  expect(String(csv)).toContain('"Where is my parcel?"');
  await expectAccessible(page, "the list of exports");

  await rows.first().getByRole("button", { name: "Delete export" }).click();
  await expect(rows).toHaveCount(1);

  async function download(click: () => Promise<void>): Promise<Buffer> {
    const [file] = await Promise.all([page.waitForEvent("download"), click()]);
    return readFileSync(await file.path());
  }
});
