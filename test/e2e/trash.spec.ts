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
  await expect(widget.messages).not.toContainText("Forget me");
  await widget.write("Hello again");
  await expect(widget.messages).toContainText("Hello again");
  expect((await firstOf(desk)).preview).toBe("Hello again");
});

test("a deleted visitor leaves every screen; who writes on in the same widget is a new visitor", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("My name is Vera");
  const owner = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await owner.rows("Vera").click();
  await owner.page.getByRole("button", { name: "Delete visitor…" }).click();
  const dialog = owner.page.getByRole("dialog", { name: /^Delete Visitor/ });
  await expect(dialog).toContainText("1 conversation with 1 message");
  await dialog.getByRole("button", { name: "Delete visitor" }).click();
  await expect(owner.list).toHaveCount(0);
  await expect(widget.messages).not.toContainText("Vera");

  await widget.write("Somebody new");
  await expect(owner.rows("Somebody new")).toHaveCount(1);
  await owner.page.goto(`${chat.url}/w/${website.id}/settings/trash`);
  const entry = owner.page.getByRole("list", { name: "Trash" }).getByRole("listitem");
  await expect(entry).toContainText("Visitor with 1 conversation");
  await entry.getByRole("button", { name: /^Bring back: Visitor/ }).click();
  await expect(owner.page.getByRole("heading", { name: "The trash is empty" })).toBeVisible();
  await owner.page.goto(`${chat.url}${inboxOf(website)}`);
  for (const text of ["Vera", "Somebody new"]) await expect(owner.rows(text)).toHaveCount(1);
  await expect(widget.messages).toContainText("Somebody new");
  await expect(widget.messages).not.toContainText("Vera");
});

test("an agent deletes a message, and Undo brings it back to all screens", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("How much is it?");
  const desk = deskOf(chat.owner, website);
  const { id } = await firstOf(desk);
  const path = `/websites/${website.id}/conversations/${id}/messages`;
  const messageId = crypto.randomUUID();
  await chat.owner.api("POST", path, { id: messageId, body: "It is 100" });
  const owner = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await owner.rows("It is 100").click();
  await chat.owner.api("DELETE", `${path}/${messageId}`);
  await expect(widget.messages).not.toContainText("It is 100");
  await owner.page.getByRole("button", { name: "Undo" }).click();
  for (const messages of [owner.messages, widget.messages]) await expect(messages).toContainText("It is 100");
});

test("an owner deletes a website by typing its name, and brings it back", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("Hello");
  await expect(widget.messages).toContainText("Hello");
  const page = await signedIn(chat.owner, `/w/${website.id}/settings`);
  await page.getByRole("button", { name: "Delete website…" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${website.name}?` });
  await expect(dialog).toContainText("1 conversation with 1 message");
  await expect(dialog.getByRole("button", { name: "Delete website" })).toBeDisabled();
  await dialog.getByLabel(`Type ${website.name} to delete it`).fill(website.name);
  await dialog.getByRole("button", { name: "Delete website" }).click();
  await expect(page.getByRole("heading", { name: "Deleted websites" })).toBeVisible();
  await expect(widget.page.locator("prochat-widget")).toHaveCount(0);

  await page.getByRole("button", { name: `Bring back: ${website.name}` }).click();
  await expect(dashboardOn(page).rows("Hello")).toHaveCount(1);
});
