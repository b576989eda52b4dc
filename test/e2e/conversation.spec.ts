import { expect, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { deskOf } from "./desk.ts";
import { proxySocket } from "./socket-proxy.ts";
import { widgetOn } from "./widget.ts";

test("a visitor's message is pending until it is stored, then sent, then read", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const page = await visit("about:blank");
  const proxy = await proxySocket(page);
  await page.goto(chat.demoPageOf(website));
  const widget = widgetOn(page);
  await widget.open();
  await expect(widget.panel.getByText("Nobody is online right now.")).toBeVisible();
  proxy.hold();
  await widget.write("Is anybody there?");
  await expect(widget.messages.getByRole("img", { name: "Sending" })).toBeVisible();
  proxy.release();
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();

  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await dashboard.rows("Is anybody there?").click();
  await expect(widget.messages.getByRole("img", { name: "Read" })).toBeVisible();
});

test("each side sees the other one typing, and when they stop", async ({ chat, website, visit, signedIn }) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("A question");
  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await dashboard.rows("A question").click();
  await expect(dashboard.messages).toContainText("A question");

  const visitorTypes = dashboard.messages.getByText(/^Visitor \w{4} is typing$/);
  await widget.field.pressSequentially("And an");
  await expect(visitorTypes).toBeVisible();
  await widget.field.fill("");
  await expect(visitorTypes).toBeHidden();

  const agentTypes = widget.messages.getByText("Olga Owner is typing");
  await dashboard.field.pressSequentially("One mo");
  await expect(agentTypes).toBeVisible();
  await dashboard.field.fill("");
  await expect(agentTypes).toBeHidden();
});

test("what is unread shows on the closed bubble and in the inbox until it is read", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await expect(dashboard.page.getByText("No open conversations")).toBeVisible();
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("One");
  await widget.write("Two");
  const main = dashboard.page.getByRole("navigation", { name: "Main" });
  await expect(dashboard.rows("Two").getByRole("img", { name: "2 unread" })).toBeVisible();
  await expect(main.getByRole("img", { name: "1 unread" })).toBeVisible();
  await dashboard.rows("Two").click();
  await expect(dashboard.list.getByRole("img", { name: "unread" })).toHaveCount(0);
  await expect(main.getByRole("img", { name: "unread" })).toHaveCount(0);

  await widget.field.press("Escape");
  await expect(widget.panel).toBeHidden();
  await dashboard.write("An answer");
  await expect(widget.bubble).toHaveAccessibleName("Open chat, unread messages: 1");
  await expect(dashboard.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await widget.open();
  await expect(widget.messages.getByText("An answer")).toBeVisible();
  await expect(dashboard.messages.getByRole("img", { name: "Read" })).toBeVisible();
  await widget.field.press("Escape");
  await expect(widget.bubble).toHaveAccessibleName("Open chat");
});

test("the thread is there after a reload and on another page of the site", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  await chat.owner.api("PATCH", `/websites/${website.id}`, { settings: { keepsPageQuery: true } });
  const page = await visit(chat.demoPageOf(website));
  const widget = widgetOn(page);
  await widget.open();
  await widget.write("Do you mend tyres?");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  const desk = deskOf(chat.owner, website);
  const { message } = await desk.answer("While you wait.");
  // A page that is left before the answer is on its screen has not read it.
  await expect.poll(async () => (await desk.conversation()).visitorReadSeq).toBe(message.seq);

  await page.reload();
  await expect(widget.bubble).toHaveAccessibleName("Open chat");
  await widget.open();
  await expect(widget.messages.getByText("Do you mend tyres?")).toBeVisible();
  await expect(widget.messages.getByText("While you wait.")).toBeVisible();
  await page.getByRole("link", { name: "Repairs" }).click();
  await expect(page).toHaveURL(/page=repairs/);
  await widget.open();
  await expect(widget.messages.getByText("While you wait.")).toBeVisible();

  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await dashboard.rows("While you wait.").click();
  const visitor = dashboard.page.getByRole("region", { name: "Visitor" });
  await expect(visitor.getByRole("link", { name: "Harbour Bikes" })).toHaveAttribute("href", /page=repairs$/);
  await expect(visitor.getByText(/^Chrom/)).toBeVisible();
  await expect(visitor.getByText("British English")).toBeVisible();
});

test("two tabs of a visitor show the same thread, whichever one writes", async ({ chat, website, visit }) => {
  const page = await visit(chat.demoPageOf(website));
  const other = await page.context().newPage();
  await other.goto(chat.demoPageOf(website));
  const [here, there] = [widgetOn(page), widgetOn(other)];
  await here.open();
  await here.write("From the first tab");
  await there.open();
  await expect(there.messages.getByText("From the first tab")).toBeVisible();
  await there.write("From the second tab");
  await expect(here.messages.getByText("From the second tab")).toBeVisible();
  const desk = deskOf(chat.owner, website);
  await desk.answer("To both");
  await expect(here.messages.getByText("To both")).toBeVisible();
  await expect(there.messages.getByText("To both")).toBeVisible();
  expect(await desk.texts()).toEqual(["From the first tab", "From the second tab", "To both"]);
});

test("the text of a message is only ever shown as text", async ({ chat, website, visit, signedIn }) => {
  const dialogs: string[] = [];
  const text = `<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) <a href="javascript:alert(4)">x</a>`;
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  for (const { page } of [widget, dashboard]) {
    page.on("dialog", dialog => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  }
  await widget.open();
  await widget.write(`visitor ${text}`);
  await dashboard.rows("visitor <img").click();
  await dashboard.write(`agent ${text}`);
  for (const { messages } of [widget, dashboard]) {
    await expect(messages.getByText(`visitor ${text}`, { exact: true })).toBeVisible();
    await expect(messages.getByText(`agent ${text}`, { exact: true })).toBeVisible();
    await expect(messages.locator("img, script, a")).toHaveCount(0);
  }
  await dashboard.write("See https://shop.example/a?b=c, please");
  for (const { messages } of [widget, dashboard]) {
    const link = messages.getByRole("link", { name: "https://shop.example/a?b=c" });
    await expect(link).toHaveAttribute("href", "https://shop.example/a?b=c");
    await expect(link).toHaveAttribute("rel", /noopener noreferrer/);
  }
  expect(dialogs).toEqual([]);
});

test("a message of 10,000 characters arrives whole, and a longer one cannot be sent", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const text = `${"word ".repeat(1_600)}${"unbroken".repeat(250)}`;
  expect(text).toHaveLength(10_000);
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.field.fill(`${text}!!`);
  await expect(widget.panel.getByText("Characters too many: 2")).toBeVisible();
  await expect(widget.panel.getByRole("button", { name: "Send" })).toBeDisabled();
  await widget.write(text);
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();

  const dashboard = dashboardOn(await signedIn(chat.owner, inboxOf(website)));
  await dashboard.rows("word word").click();
  await expect(dashboard.messages.getByText(text)).toBeVisible();
  await dashboard.field.fill(`${text}!!`);
  await expect(dashboard.pane.getByText("2 characters too many")).toBeVisible();
  await expect(dashboard.pane.getByRole("button", { name: "Send" })).toBeDisabled();
  await dashboard.write(text);
  await expect(widget.messages.getByText(text)).toHaveCount(2);
  expect(await deskOf(chat.owner, website).texts()).toEqual([text, text]);
  for (const { messages } of [widget, dashboard]) {
    expect(await messages.evaluate(list => list.scrollWidth - list.clientWidth)).toBe(0);
  }
});
