import { createVisitor } from "#lab/actors/people.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { deskOf } from "./desk.ts";
import { widgetOn } from "./widget.ts";

test("assigning, resolving, undoing and reopening show in another agent's dashboard at once", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("Who takes this?");
  const mine = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const theirs = dashboardOn(await signedIn(ben, inboxOf(website)));
  const viewsOf = (page: typeof mine.page) => page.getByRole("navigation", { name: "Views of the inbox" });

  await viewsOf(theirs.page).getByRole("link", { name: "Mine" }).click();
  await expect(theirs.page.getByText("Nothing is assigned to you")).toBeVisible();
  await mine.rows("Who takes this?").click();
  await mine.pane.getByRole("button", { name: "Assign" }).click();
  await mine.page.getByRole("menuitem", { name: "Ben Second" }).click();
  await expect(mine.pane.getByRole("button", { name: "Assigned to Ben Second" })).toBeVisible();
  await theirs.rows("Who takes this?").click();
  await expect(theirs.messages).toContainText("Olga Owner assigned this conversation to Ben Second");

  await mine.pane.getByRole("button", { name: "Resolve" }).click();
  await expect(theirs.messages).toContainText("Olga Owner resolved this conversation");
  await expect(theirs.pane.getByRole("button", { name: "Reopen" })).toBeVisible();
  await expect(theirs.rows()).toHaveCount(0);
  await mine.page.getByRole("button", { name: "Undo" }).click();
  await expect(theirs.rows("Who takes this?")).toBeVisible();
  await expect(theirs.pane.getByRole("button", { name: "Resolve" })).toBeVisible();

  await theirs.pane.getByRole("button", { name: "Resolve" }).click();
  await expect(mine.rows()).toHaveCount(0);
  await viewsOf(mine.page).getByRole("link", { name: "Resolved" }).click();
  await mine.rows("Who takes this?").click();
  await mine.pane.getByRole("button", { name: "Reopen" }).click();
  await expect(theirs.rows("Who takes this?")).toBeVisible();
});

test("a visitor's next message brings a resolved conversation back", async ({ chat, website, visit, signedIn }) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("It works now.");
  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await dashboard.rows("It works now.").click();
  await dashboard.pane.getByRole("button", { name: "Resolve" }).click();
  await expect(dashboard.rows()).toHaveCount(0);
  await widget.write("It broke again.");
  await expect(dashboard.rows("It broke again.")).toBeVisible();
  await expect(dashboard.pane.getByRole("button", { name: "Resolve" })).toBeVisible();
  await expect(dashboard.messages.getByText("It broke again.")).toBeVisible();
});

test("a note reaches the other agents and never the visitor", async ({ chat, website, visit, signedIn }) => {
  const ben = await chat.createAgent(website, "Ben Second");
  const page = await visit(chat.demoPageOf(website));
  const heard: string[] = [];
  page.on("websocket", socket => socket.on("framereceived", ({ payload }) => heard.push(String(payload))));
  page.on("response", async response => heard.push(await response.text().catch(() => "")));
  await page.reload();
  const widget = widgetOn(page);
  await widget.open();
  await widget.write("May I have a discount?");
  const mine = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const theirs = dashboardOn(await signedIn(ben, inboxOf(website)));
  await mine.rows("May I have a discount?").click();
  await theirs.rows("May I have a discount?").click();

  await mine.pane.getByText("Note", { exact: true }).click();
  await mine.write("Ten per cent at most");
  const note = theirs.messages.getByRole("article", { name: /^Note of Olga Owner/ });
  await expect(note).toContainText("Ten per cent at most");
  await expect(mine.field).toHaveAccessibleName("Write a note");
  await mine.pane.getByText("Reply", { exact: true }).click();
  await mine.write("Five per cent.");
  await expect(widget.messages.getByText("Five per cent.")).toBeVisible();
  await page.reload();
  await widget.open();
  await expect(widget.messages.getByText("Five per cent.")).toBeVisible();
  expect(heard.join()).toContain("Five per cent.");
  expect(heard.join()).not.toContain("Ten per cent");
});

test("loading 120 older messages does not move the message that is being read", async ({ chat, website, signedIn }) => {
  const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
  await visitor.send("Message 1");
  const agents = [await chat.createAgent(website, "Ben Second"), await chat.createAgent(website, "Cleo Third")];
  const desks = agents.map(agent => deskOf(agent, website));
  for (let number = 2; number <= 120; number++) {
    await desks[number % 2]!.answer(`Message ${number}${"\nand so on".repeat(number % 4)}`);
  }

  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await dashboard.rows("Message 120").click();
  const message = (number: number) => dashboard.messages.getByText(new RegExp(`^Message ${number}(\n|$)`));
  await expect(message(120)).toBeInViewport();
  await expect(message(70)).toHaveCount(0);

  const topOf = async (number: number) => (await message(number).boundingBox())!.y;
  await message(73).scrollIntoViewIfNeeded();
  const before = await topOf(73);
  await expect(message(30)).toBeAttached();
  expect(await topOf(73)).toBeCloseTo(before, 0);

  await desks[0]!.answer("Meanwhile something new");
  await expect(dashboard.pane.getByRole("button", { name: "New messages" })).toBeVisible();
  expect(await topOf(73)).toBeCloseTo(before, 0);
  await message(73).hover();
  for (let turns = 1; turns <= 10; turns++) {
    await dashboard.page.mouse.wheel(0, -200);
    await expect.poll(() => topOf(73)).toBeCloseTo(before + turns * 200, 0);
  }
  await message(25).scrollIntoViewIfNeeded();
  await expect(message(1)).toBeAttached();
  await message(1).scrollIntoViewIfNeeded();
  await expect(message(1)).toBeInViewport();
  await expect(dashboard.messages.getByLabel("Loading earlier messages")).toHaveCount(0);
  await dashboard.pane.getByRole("button", { name: "New messages" }).click();
  await expect(dashboard.messages.getByText("Meanwhile something new")).toBeInViewport();
});
