import { createVisitor } from "#lab/actors/people.ts";
import type { AgentPage } from "#protocol/messages.ts";
import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { deskOf } from "./desk.ts";
import { proxySocket } from "./socket-proxy.ts";
import { widgetOn } from "./widget.ts";

test("an agent edits and deletes their own messages, and the visitor sees it at once", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("When do you open?");
  const { page, rows, messages, field, write } = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await rows("When do you open?").click();
  await write("At nine");
  await write("On Sundays, too");
  await expect(widget.messages.getByText("On Sundays, too")).toBeVisible();

  await field.press("ArrowUp");
  const editor = messages.getByRole("textbox", { name: "Edit the message" });
  await expect(editor).toHaveValue("On Sundays, too");
  await editor.fill("Not on Sundays");
  await editor.press("Enter");
  await expect(editor).toBeHidden();
  await expect(field).toBeFocused();
  await expect(messages.getByText("Not on Sundays")).toBeVisible();
  await expect(messages.getByText("edited")).toBeVisible();
  await expect(widget.messages.getByText("Not on Sundays")).toBeVisible();
  await expect(widget.messages.getByText("edited")).toBeVisible();
  await expect(rows("Not on Sundays")).toBeVisible();

  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+E");
  await editor.fill("Never");
  await editor.press("Escape");
  await expect(messages.getByText("Not on Sundays")).toBeVisible();

  await expect(messages.getByRole("button", { name: "Change the message" })).toHaveCount(2);
  await messages.getByRole("button", { name: "Change the message" }).last().click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(messages.getByText("Message deleted")).toBeVisible();
  await expect(widget.messages.getByText("Message deleted")).toBeVisible();
  await expect(widget.messages.getByText("Not on Sundays")).toHaveCount(0);
  await expect(rows("At nine")).toBeVisible();
  await page.reload();
  await expect(messages.getByText("Message deleted")).toBeVisible();
});

test("a visitor edits and deletes their own messages, and the agent sees it at once", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("My order is 12435");
  await widget.write("It is late");
  const { rows, messages } = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await rows("It is late").click();
  await expect(messages.getByText("It is late")).toBeVisible();
  await expect(messages.getByRole("button", { name: "Change the message" })).toHaveCount(0);

  const change = widget.messages.getByRole("button", { name: "Edit or delete" });
  await widget.field.fill("Half a sent");
  await change.first().click();
  await expect(widget.field).toHaveValue("My order is 12435");
  await expect(widget.field).toBeFocused();
  await widget.field.fill("My order is 12345");
  await widget.field.press("Enter");
  await expect(widget.messages.getByText("My order is 12345")).toBeVisible();
  await expect(widget.messages.getByText("edited")).toBeVisible();
  await expect(widget.field).toHaveValue("Half a sent");
  await expect(messages.getByText("My order is 12345")).toBeVisible();
  await expect(messages.getByText("edited")).toBeVisible();

  await change.first().click();
  await widget.field.press("Escape");
  await expect(widget.field).toHaveValue("Half a sent");
  await change.last().click();
  const confirm = widget.panel.getByRole("button", { name: "Delete", exact: true });
  await confirm.click();
  await expect(widget.panel.getByText("Delete this message?")).toBeVisible();
  await confirm.click();
  await expect(widget.messages.getByText("Message deleted")).toBeVisible();
  await expect(messages.getByText("Message deleted")).toBeVisible();
  await expect(messages.getByText("It is late")).toHaveCount(0);
  await widget.messages.getByRole("button", { name: "Undo" }).click();
  await expect(widget.messages.getByText("It is late")).toBeVisible();
  await expect(messages.getByText("It is late")).toBeVisible();
  await change.last().click();
  await confirm.click();
  await confirm.click();
  await expect(messages.getByText("It is late")).toHaveCount(0);
  await expect(rows("My order is 12345")).toBeVisible();
  await widget.page.reload();
  await widget.open();
  await expect(widget.messages.getByText("Message deleted")).toBeVisible();
  await expect(widget.messages.getByText("My order is 12345")).toBeVisible();
});

test("an edit that is not saved survives another conversation and a reload, until it is saved or cancelled", async ({
  chat,
  website,
  signedIn,
}) => {
  for (const text of ["The first question", "Another question"]) {
    const visitor = await createVisitor(chat.url, { websiteKey: website.publicKey });
    await visitor.send(text);
  }
  const { page, rows, messages, field, write } = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await rows("Another question").click();
  await expect(messages.getByText("Another question")).toBeVisible();
  await rows("The first question").click();
  await write("At nine");
  await expect(messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await field.press("ArrowUp");
  const editor = messages.getByRole("textbox", { name: "Edit the message" });
  await expect(editor).toBeFocused();
  await editor.fill("At nine, on Sundays at");

  await rows("Another question").click();
  await expect(messages.getByText("Another question")).toBeVisible();
  await expect(editor).toBeHidden();
  await rows("At nine").click();
  await expect(editor).toHaveValue("At nine, on Sundays at");
  await expect(editor).not.toBeFocused();
  await page.reload();
  await expect(editor).toHaveValue("At nine, on Sundays at");
  await editor.fill("At nine, on Sundays at ten");
  await editor.press("Enter");
  await expect(messages.getByText("At nine, on Sundays at ten")).toBeVisible();
  await expect(field).toBeFocused();
  await page.reload();
  await expect(messages.getByText("At nine, on Sundays at ten")).toBeVisible();
  await expect(editor).toBeHidden();

  await field.press("ArrowUp");
  await editor.fill("Never");
  await editor.press("Escape");
  await page.reload();
  await expect(messages.getByText("At nine, on Sundays at ten")).toBeVisible();
  await expect(editor).toBeHidden();

  await field.press("ArrowUp");
  await editor.fill("Too late");
  const keptEdits = () => page.evaluate(() => Object.keys(localStorage).filter(key => key.startsWith("prochat:edit:")));
  expect(await keptEdits()).toHaveLength(1);
  const conversation = `/websites/${website.id}/conversations/${page.url().split("/").at(-1)}/messages`;
  const { messages: stored } = await chat.owner.api<AgentPage>("GET", conversation);
  await chat.owner.api("DELETE", `${conversation}/${stored.at(-1)!.id}`);
  await expect(messages.getByText("Message deleted")).toBeVisible();
  await expect(field).toBeFocused();
  expect(await keptEdits()).toEqual([]);
});

test("a visitor who was away learns of what was edited and deleted meanwhile", async ({ chat, website, visit }) => {
  const page = await visit("about:blank");
  const proxy = await proxySocket(page);
  await page.goto(chat.demoPageOf(website));
  const widget = widgetOn(page);
  await widget.open();
  await widget.write("Which size?");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  const desk = deskOf(chat.owner, website);
  const sent = [await desk.answer("Size 40"), await desk.answer("Or 41")];
  await expect(widget.messages.getByText("Or 41")).toBeVisible();

  proxy.hold();
  const [first, second] = sent.map(
    ({ message }) => `/websites/${website.id}/conversations/${message.conversationId}/messages/${message.id}`,
  );
  await chat.owner.api("PATCH", first!, { body: "Size 42" });
  await chat.owner.api("DELETE", second!);
  await proxy.terminate();
  await expect(widget.messages.getByText("Size 42")).toBeVisible();
  await expect(widget.messages.getByText("Message deleted")).toBeVisible();
  await expect(widget.messages.getByText("Or 41")).toHaveCount(0);
});
