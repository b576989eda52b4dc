import { execFileSync } from "node:child_process";
import { expectAccessible } from "./accessibility.ts";
import { expect, setUp, test } from "./chat.ts";
import { startServer } from "./server.ts";

test("operators see what can be restored, back up and drill at the press of a button, and download a backup", async ({
  visit,
}) => {
  const server = await startServer({ BACKUPS: "on" });
  const chat = await setUp(server);
  const address = `${chat.url}/w/${chat.owner.me.websites[0]!.id}/settings`;
  const page = await visit(address, { as: chat.owner });
  await page.getByRole("link", { name: "Backups" }).click();
  const backups = page.getByRole("list", { name: "Backups" }).getByRole("listitem");
  await expect(backups.first()).toContainText("Restored in a drill, and right"); // the first start makes one, and a drill of it
  await expect(page.getByText("Restored and right")).toBeVisible();
  const [firstId = ""] = /\d{8}T\d{6}Z-\w{4}/.exec(await backups.first().innerText()) ?? [];
  await expect(page.getByText(/^Any second from .* can be restored\.$/)).toBeVisible();

  await page.getByRole("button", { name: "Back up now" }).click();
  await expect(backups.first()).not.toContainText(firstId);
  await expect(backups.first()).toContainText("Read back, and right");
  await expect(backups).toHaveCount(1); // of one day the newest is kept
  await page.getByRole("button", { name: "Drill now" }).click();
  await expect(backups.first()).toContainText("Restored in a drill, and right");
  await expectAccessible(page, "backups");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "backups, dark", "colours");

  const download = page.waitForEvent("download");
  await backups
    .first()
    .getByRole("link", { name: /^Download the backup of/ })
    .click();
  const names = execFileSync("tar", ["tf", await (await download).path()], { encoding: "utf8" });
  expect(names).toContain("/backup.json\n");
  await server.stop();
});

test("where no backups are made, the page says what that means and what to set", async ({
  chat,
  website,
  signedIn,
}) => {
  const page = await signedIn(chat.owner, `/w/${website.id}/settings/backups`);
  await expect(page.getByText("No backups are made")).toBeVisible();
  await expect(page.getByText(/Set S3_BUCKET .* or BACKUPS=on/)).toBeVisible();
  await expectAccessible(page, "no backups");
});

test("to admins who are no operators the page of backups says whose it is, and shows nothing of them", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second", "admin");
  const page = await signedIn(ben, `/w/${website.id}/settings/backups`);
  await expect(page.getByText("Only for operators of the server")).toBeVisible();
  await expect(page.getByRole("list", { name: "Backups" })).toHaveCount(0);
});
