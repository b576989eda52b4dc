import { expect, test } from "./chat.ts";
import { inboxOf } from "./dashboard.ts";
import { widgetOn } from "./widget.ts";

test("an agent who chooses away is away for colleagues and visitors, in all tabs and after a reload, until they choose again", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const page = await signedIn(ben, inboxOf(website));
  const owner = await signedIn(chat.owner, `/w/${website.id}/people`);
  await owner.getByRole("button", { name: "Account of Olga Owner, online" }).click();
  await owner.getByRole("menuitemradio", { name: "Away" }).click();
  await owner.keyboard.press("Escape");
  await expect(owner.getByRole("button", { name: "Account of Olga Owner, away" })).toBeVisible();

  const agents = owner.getByRole("list", { name: "Agents" }).getByRole("listitem");
  const [rowOfBen, rowOfOlga] = [agents.filter({ hasText: "Ben Second" }), agents.filter({ hasText: "Olga Owner" })];
  await expect(rowOfOlga).toContainText("Away");
  await expect(rowOfBen.getByRole("img", { name: "online now" })).toBeVisible();
  await page.getByRole("button", { name: "Account of Ben Second" }).click();
  await page.getByRole("menuitemradio", { name: "Away" }).click();
  await expect(rowOfBen.getByRole("img", { name: "away" })).toBeVisible();

  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.bubble.click();
  await expect(widget.panel.getByText("Nobody is online right now.")).toBeVisible();

  await owner.reload();
  await expect(owner.getByRole("button", { name: "Account of Olga Owner, away" })).toBeVisible();
  const tab = await page.context().newPage();
  await tab.goto(chat.url + inboxOf(website));
  await tab.getByRole("button", { name: "Account of Ben Second, away" }).click();
  await tab.getByRole("menuitemradio", { name: "Online" }).click();
  await expect(page.getByRole("button", { name: "Account of Ben Second, online" })).toBeVisible();
  await expect(rowOfBen.getByRole("img", { name: "online now" })).toBeVisible();
  await expect(widget.panel.getByText("Nobody is online right now.")).toBeHidden();
});

test("ten minutes without input make an agent away, and the next input brings them back", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const watching = await signedIn(chat.owner, `/w/${website.id}/people`);
  const idle = await signedIn(ben, inboxOf(website));
  await idle.clock.install();
  await idle.reload();
  await expect(idle.getByRole("button", { name: "Account of Ben Second, online" })).toBeVisible();
  const row = watching.getByRole("list", { name: "Agents" }).getByRole("listitem").filter({ hasText: "Ben Second" });
  await expect(row.getByRole("img", { name: "online now" })).toBeVisible();
  await idle.clock.fastForward("10:05");
  await expect(idle.getByRole("button", { name: "Account of Ben Second, away" })).toBeVisible();
  await expect(row.getByRole("img", { name: "away" })).toBeVisible();
  await idle.mouse.move(200, 200);
  await expect(idle.getByRole("button", { name: "Account of Ben Second, online" })).toBeVisible();
  await expect(row.getByRole("img", { name: "online now" })).toBeVisible();
});
