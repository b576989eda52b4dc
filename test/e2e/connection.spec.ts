import { expect, setUp, test } from "./chat.ts";
import { dashboardOn, inboxOf } from "./dashboard.ts";
import { deskOf } from "./desk.ts";
import { blockSockets, proxySocket, refuseAsOutdated } from "./socket-proxy.ts";
import { widgetOn } from "./widget.ts";

test("a visitor without a connection sees so, and what they write is sent once when it is back", async ({
  chat,
  website,
  visit,
}) => {
  const page = await visit(chat.demoPageOf(website));
  const widget = widgetOn(page);
  const desk = deskOf(chat.owner, website);
  await widget.open();
  await widget.write("Before");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await page.context().setOffline(true);
  await expect(widget.status).toBeVisible();
  await widget.write("In the tunnel");
  await expect(widget.messages.getByRole("img", { name: "Sending" })).toBeVisible();
  await widget.field.fill("Half a sent");
  expect(await desk.texts()).toEqual(["Before"]);

  await page.context().setOffline(false);
  await expect(widget.messages.getByRole("img", { name: "Sending" })).toHaveCount(0);
  await expect(widget.status).toBeHidden();
  await expect(widget.field).toHaveValue("Half a sent");
  expect(await desk.texts()).toEqual(["Before", "In the tunnel"]);
});

test("what a visitor writes offline before they close the page is sent once by the next page", async ({
  chat,
  website,
  visit,
}) => {
  const page = await visit(chat.demoPageOf(website));
  const context = page.context();
  const widget = widgetOn(page);
  await widget.open();
  await context.setOffline(true);
  await widget.write("My very first message");
  await widget.write("And a second");
  await expect(widget.messages).toContainText("And a second");
  await page.close();
  await context.setOffline(false);

  const next = widgetOn(await context.newPage());
  await next.page.goto(chat.demoPageOf(website));
  await next.open();
  await expect(next.messages.getByText("And a second")).toBeVisible();
  await expect(next.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await next.page.reload();
  await next.open();
  await expect(next.messages.getByText("And a second")).toHaveCount(1);
  await expect.poll(deskOf(chat.owner, website).texts).toEqual(["My very first message", "And a second"]);
});

test("a visitor whose first message is sent by a later page keeps the conversation", async ({
  chat,
  website,
  visit,
}) => {
  const page = await visit("about:blank");
  await page.route("**/widget/session", route => route.abort());
  await page.goto(chat.demoPageOf(website));
  const widget = widgetOn(page);
  await widget.open();
  await widget.write("My very first message");
  await expect(widget.messages.getByRole("img", { name: "Sending" })).toBeVisible();
  await page.unroute("**/widget/session");
  await page.reload();
  await widget.open();
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await page.reload();
  await widget.open();
  await expect(widget.messages.getByText("My very first message")).toHaveCount(1);
  expect(await deskOf(chat.owner, website).texts()).toEqual(["My very first message"]);
});

test("a message whose acknowledgement is lost is stored and shown once", async ({ chat, website, visit }) => {
  const page = await visit("about:blank");
  const proxy = await proxySocket(page);
  await page.goto(chat.demoPageOf(website));
  const widget = widgetOn(page);
  const desk = deskOf(chat.owner, website);
  await widget.open();
  await widget.write("Hello");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  proxy.hold();
  await widget.write("Did you get this?");
  await expect.poll(desk.texts).toHaveLength(2);
  await expect(widget.messages.getByRole("img", { name: "Sending" })).toBeVisible();
  await proxy.terminate();
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await expect(widget.messages.getByRole("img", { name: "Sending" })).toHaveCount(0);
  await expect(widget.messages.getByText("Did you get this?")).toHaveCount(1);
  expect(await desk.texts()).toEqual(["Hello", "Did you get this?"]);
});

test("where WebSockets are blocked, a visitor still chats with an agent", async ({ chat, website, visit }) => {
  const page = await visit("about:blank");
  await blockSockets(page);
  await page.goto(chat.demoPageOf(website));
  const widget = widgetOn(page);
  const desk = deskOf(chat.owner, website);
  await widget.open();
  await widget.write("Hello from the office");
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await desk.answer("We can hear you");
  await expect(widget.messages.getByText("We can hear you")).toBeVisible();
  await expect(widget.status).toBeHidden();
  await widget.write("And I you");
  await expect.poll(desk.texts).toEqual(["Hello from the office", "We can hear you", "And I you"]);
});

test("where WebSockets are blocked, an agent still chats with a visitor", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("Hello from home");
  // Long polling counts as online for two more heartbeats. The owner would still be online in the next tests.
  const page = await signedIn(await chat.createAgent(website, "Polly"), "/");
  await blockSockets(page);
  await page.goto(chat.url + inboxOf(website));
  const dashboard = dashboardOn(page);
  await dashboard.rows("Hello from home").click();
  await dashboard.write("We can hear you");
  await expect(widget.messages.getByText("We can hear you")).toBeVisible();
  await widget.write("And I you");
  await expect(dashboard.messages.getByText("And I you")).toBeVisible();
  await expect(page.getByText("No connection to the server.")).toBeHidden();
});

test("an agent without a connection sees so, and what they write is sent once, also by the next page", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("Hello");
  const page = await signedIn(chat.owner, inboxOf(website));
  const dashboard = dashboardOn(page);
  const lost = page.getByText("No connection to the server.");
  await dashboard.rows("Hello").click();
  await expect(dashboard.messages).toContainText("Hello");

  await page.context().setOffline(true);
  await expect(lost).toBeVisible();
  await dashboard.write("From the tunnel");
  await expect(dashboard.messages).toContainText("Not sent yet. We keep trying.");
  await widget.write("Still there?");
  await page.context().setOffline(false);
  await expect(lost).toBeHidden();
  await expect(dashboard.messages.getByText("Still there?")).toBeVisible();
  await expect(widget.messages.getByText("From the tunnel")).toBeVisible();
  await expect(dashboard.messages.getByRole("img", { name: "Sending" })).toHaveCount(0);

  await page.context().setOffline(true);
  await dashboard.write("Closed in the tunnel");
  await dashboard.field.fill("Half a sent");
  const context = page.context();
  const address = page.url();
  await page.close();
  await context.setOffline(false);
  const next = dashboardOn(await context.newPage());
  await next.page.goto(address);
  await expect(widget.messages.getByText("Closed in the tunnel")).toBeVisible();
  await expect(next.messages.getByText("Closed in the tunnel")).toHaveCount(1);
  await expect(next.field).toHaveValue("Half a sent");
  const texts = await deskOf(chat.owner, website).texts();
  expect(texts.sort()).toEqual(["Closed in the tunnel", "From the tunnel", "Hello", "Still there?"]);
});

test("a visitor's chat that is older than the server says so, and sends what was written after a reload", async ({
  chat,
  website,
  visit,
}) => {
  const page = await visit("about:blank");
  const stopRefusing = await refuseAsOutdated(page);
  await page.goto(chat.demoPageOf(website));
  const widget = widgetOn(page);
  await widget.open();
  const reload = widget.panel.getByRole("button", { name: "This page is outdated. Reload it." });
  await expect(reload).toBeVisible();
  await widget.write("Kept until then");
  await expect(widget.messages.getByRole("img", { name: "Sending" })).toBeVisible();
  stopRefusing();
  await reload.click();
  await widget.open();
  await expect(widget.messages.getByRole("img", { name: "Sent" })).toBeVisible();
  await expect(reload).toBeHidden();
  expect(await deskOf(chat.owner, website).texts()).toEqual(["Kept until then"]);
});

test("an agent's page that is older than the server says so, and works again after a reload", async ({
  chat,
  website,
  visit,
  signedIn,
}) => {
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("Hello");
  const page = await signedIn(chat.owner, "/");
  const stopRefusing = await refuseAsOutdated(page);
  await page.goto(chat.url + inboxOf(website));
  await expect(page.getByText("This page is older than the server.")).toBeVisible();
  stopRefusing();
  await page.getByRole("button", { name: "Reload the page" }).click();
  const dashboard = dashboardOn(page);
  await dashboard.rows("Hello").click();
  await dashboard.write("Here I am");
  await expect(widget.messages.getByText("Here I am")).toBeVisible();
  await expect(page.getByText("This page is older than the server.")).toBeHidden();
});

test("an agent's page that the server refuses for good says why, and does not try for ever", async ({
  chat,
  website,
  signedIn,
}) => {
  const page = await signedIn(chat.owner, "/");
  let tries = 0;
  await page.routeWebSocket(/\/api\/v1\/socket$/, route =>
    route.onMessage(frame => {
      tries++;
      const error = { code: "origin_not_allowed", message: "Agents connect from the dashboard's own pages only." };
      route.send(JSON.stringify({ ref: JSON.parse(String(frame)).ref, error }));
    }),
  );
  await page.clock.install();
  await page.goto(chat.url + inboxOf(website));
  await expect(page.getByText("Agents connect from the dashboard's own pages only.")).toBeVisible();
  const before = tries;
  await page.clock.runFor(180_000);
  expect(tries).toBe(before);
  await expect(page.getByText("No connection to the server.")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Reload the page" })).toBeVisible();
});

test("after a killed server is back, both sides reconnect, and what was written in between arrives once", async ({
  freshServer,
  visit,
}) => {
  const chat = await setUp(freshServer);
  const website = chat.owner.me.websites[0]!;
  const widget = widgetOn(await visit(chat.demoPageOf(website)));
  await widget.open();
  await widget.write("Before");
  const dashboard = dashboardOn(await visit(chat.url + inboxOf(website), { as: chat.owner }));
  const lost = dashboard.page.getByText("No connection to the server.");
  await dashboard.rows("Before").click();
  await expect(dashboard.messages).toContainText("Before");

  await chat.kill();
  await expect(widget.status).toBeVisible();
  await expect(lost).toBeVisible();
  await widget.write("Asked in between");
  await dashboard.write("Answered in between");
  await chat.startAgain(chat.demoUrl);

  await expect(widget.messages.getByText("Answered in between")).toBeVisible();
  await expect(dashboard.messages.getByText("Asked in between")).toBeVisible();
  await expect(widget.status).toBeHidden();
  await expect(lost).toBeHidden();
  await expect(widget.messages.getByText("Asked in between")).toHaveCount(1);
  await expect(dashboard.messages.getByText("Answered in between")).toHaveCount(1);
  const [first, ...between] = await deskOf(chat.owner, website).texts();
  expect(first).toBe("Before");
  expect(between.sort()).toEqual(["Answered in between", "Asked in between"]);
});
