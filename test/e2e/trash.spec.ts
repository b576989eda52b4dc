import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { type Desk, deskOf } from "./desk.ts";
import { proxySocket } from "./socket-proxy.ts";
import { widgetOn } from "./widget.ts";

/** The one conversation of a website, as soon as it is stored. */
async function firstOf(desk: Desk) {
  await expect.poll(async () => (await desk.conversations()).length).toBe(1);
  return desk.conversation();
}

test("a deleted conversation leaves every open screen, and comes back to all of them", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("My password is hunter2");
  const ben = await chat.createAgent(website, "Ben Second");
  const owner = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  const agent = dashboardOn(await signedIn(ben, inboxOf(website)));
  await owner.rows("hunter2").click();
  await agent.rows("hunter2").click();
  await expect(agent.messages).toContainText("hunter2");
  await expect(agent.page.getByRole("button", { name: "Delete conversation…" })).toHaveCount(0);

  await owner.page.getByRole("button", { name: "Delete conversation…" }).click();
  const dialog = owner.page.getByRole("dialog", { name: /^Delete the conversation with Visitor/ });
  await expect(dialog).toContainText("it can be brought back");
  await expect(dialog.getByRole("button", { name: "Keep" })).toBeFocused();
  await dialog.getByLabel("Reason").fill("A password");
  await dialog.getByRole("button", { name: "Delete conversation" }).click();

  await expect(owner.page.getByRole("heading", { name: "This conversation is deleted" })).toBeVisible();
  await expect(agent.page.getByText("An admin can bring it back until")).toBeVisible();
  for (const { list } of [owner, agent]) await expect(list).toHaveCount(0);
  await expect(widget.messages).not.toContainText("hunter2");

  await owner.page.getByRole("button", { name: "Bring back" }).click();
  for (const { rows, messages } of [owner, agent]) {
    await expect(rows("hunter2")).toHaveCount(1);
    await expect(messages).toContainText("hunter2");
  }
  await expect(widget.messages).toContainText("hunter2");
});

test("the trash shows who deleted what and why, and brings it back", async ({ chat, website, visit, signedIn }) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("Buy now!");
  await expect(widget.messages).toContainText("Buy now!");
  const path = `/websites/${website.id}`;
  const { id } = await firstOf(deskOf(chat.owner, website));
  const page = await signedIn(chat.owner, `/w/${website.id}/settings/trash`);
  await expect(page.getByRole("heading", { name: "The trash is empty" })).toBeVisible();
  await chat.owner.api("DELETE", `${path}/conversations/${id}`, { reason: "Spam" });

  const entry = page.getByRole("list", { name: "Trash" }).getByRole("listitem");
  await expect(entry).toContainText("Buy now!");
  await expect(entry).toContainText("Deleted just now by Olga Owner: Spam · until");
  await entry.getByRole("button", { name: /^Bring back: Visitor/ }).click();
  await expect(page.getByRole("heading", { name: "The trash is empty" })).toBeVisible();
  await page.getByRole("button", { name: "Open" }).click();
  await expect(dashboardOn(page).messages).toContainText("Buy now!");
});

test("a visitor who was away when it was deleted does not see it any more, and begins another one", async ({
  chat,
  website,
  visit,
}) => {
  const page = await visit("about:blank");
  const proxy = await proxySocket(page);
  await page.goto(chat.demoPageOf(website));
  const widget = widgetOn(page);
  await widget.open();
  await widget.write("Forget me");
  await expect(widget.messages).toContainText("Forget me");
  const desk = deskOf(chat.owner, website);
  const { id } = await firstOf(desk);
  proxy.hold();
  await chat.owner.api("DELETE", `/websites/${website.id}/conversations/${id}`, {});
  await proxy.terminate();
  await expect(widget.messages).not.toContainText("Forget me", { timeout: 20_000 });
  await widget.write("Hello again");
  await expect(widget.messages).toContainText("Hello again");
  expect((await firstOf(desk)).preview).toBe("Hello again");
});
