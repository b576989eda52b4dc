import { createHmac, randomUUID } from "node:crypto";
import { expect, test } from "./shop.ts";
import { widgetOn } from "./widget.ts";

/** A text that is nowhere else in this database. */
const unique = (text: string) => `${text} ${randomUUID()}`;

test("opening the bubble writes nothing, neither in the browser nor in the database", async ({ page, shop }) => {
  const requests: string[] = [];
  page.on("request", request => requests.push(new URL(request.url()).pathname));
  page.on("websocket", () => requests.push("socket"));
  await page.goto(shop.page("/quiet", shop.snippet()));
  const { open, bubble, kept } = widgetOn(page);
  await expect(bubble).toBeVisible();
  expect(requests).toEqual(["/quiet", "/widget.js", `/api/v1/widget/websites/${shop.website.publicKey}`]);

  const stored = async () => (await shop.owner.inbox()).conversations.map(({ id, version }) => ({ id, version }));
  const before = await stored();
  await open();
  await expect.poll(() => requests).toContain("socket");
  expect(await kept()).toBe(0);
  expect(await stored()).toEqual(before); // visitors of other tests come and go
});

test("a message is sent, read and answered; an unread answer shows on the bubble", async ({ page, shop }) => {
  const body = unique("Do you have a trailer?");
  await page.goto(shop.page("/talk", shop.snippet()));
  const { widget, field, open, write, bubble } = widgetOn(page);
  await open();
  await write(body);
  await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
  const [message] = await shop.stored(body);
  await shop.owner.act(message!.conversationId, "read", { seq: 1 });
  await expect(widget.getByRole("img", { name: "Read" })).toBeVisible();

  const socket = await shop.owner.socket();
  const target = { websiteId: shop.website.id, conversationId: message!.conversationId };
  await socket.command("conversation.typing", { ...target, typing: true });
  await expect(widget.getByText("Anna Berg is typing")).toBeVisible();
  await shop.owner.send(message!.conversationId, "Yes: https://shop.example/trailers.");
  await expect(widget.getByRole("link", { name: "https://shop.example/trailers" })).toHaveAttribute(
    "rel",
    "noopener noreferrer nofollow",
  );
  // An answer says so before the next heartbeat does.
  await expect(widget.getByText("Nobody is online right now.")).toHaveCount(0);

  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
  await expect(bubble).toBeFocused();
  await shop.owner.send(message!.conversationId, "Shall I put it aside?");
  await expect(widget.getByRole("button", { name: "Open chat, unread messages: 1" })).toHaveText("1");
  await expect(widget.getByRole("status").getByText("Anna Berg: Shall I put it aside?")).toBeAttached();
  await page.keyboard.press("Enter");
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(widget.getByRole("button", { name: "Open chat", exact: true })).toBeVisible();
});

test("what is written without a connection is kept, and sent once and in order when it is back", async ({
  page,
  context,
  shop,
}) => {
  const bodies = ["a", "b", "c", "d"].map(unique);
  const [first, second, third, last] = bodies as [string, string, string, string];
  await page.goto(shop.page("/offline", shop.snippet()));
  const chat = widgetOn(page);
  await chat.open();
  await chat.write(first);
  await expect(chat.widget.getByRole("img", { name: "Sent" })).toBeVisible();

  await context.setOffline(true);
  await chat.write(second, third);
  await expect(chat.status).toBeVisible();
  await context.setOffline(false);
  await expect(chat.status).toBeHidden();
  await expect(chat.widget.getByRole("img", { name: "Sending" })).toHaveCount(0);

  await context.setOffline(true);
  await chat.write(last);
  await context.setOffline(false);
  await page.goto(shop.page("/elsewhere", shop.snippet()));
  await chat.open();
  await expect.poll(chat.texts).toEqual(bodies);
  expect((await shop.stored(first)).map(message => message.body)).toEqual(bodies);
});

test("killing the server while messages are on their way loses and duplicates none", async ({ page, shop }) => {
  const bodies = Array.from({ length: 6 }, (_, at) => unique(`${at}`));
  await page.goto(shop.page("/kill", shop.snippet()));
  const { widget, open, write, texts: shown } = widgetOn(page);
  await open();
  await write(bodies[0]!);
  await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
  const killed = shop.kill();
  await write(...bodies.slice(1));
  await killed;
  await expect(widget.getByRole("img", { name: "Sending" })).toHaveCount(0);
  expect(await shown()).toEqual(bodies);
  expect((await shop.stored(bodies[0]!)).map(message => message.body)).toEqual(bodies);
});

test("two tabs are one visitor, also when both were open before the first message", async ({ page, context, shop }) => {
  const [one, other] = [unique("one"), unique("other")];
  const url = shop.page("/tabs", shop.snippet());
  const second = await context.newPage();
  const [here, there] = [widgetOn(page), widgetOn(second)];
  await page.goto(url);
  await second.goto(url);
  await here.open();
  await there.open();
  await here.write(one);
  await expect.poll(there.texts).toEqual([one]);
  await there.write(other);
  await expect.poll(here.texts).toEqual([one, other]);
  expect((await shop.stored(one)).map(message => message.body)).toEqual([one, other]);
});

test("works under a strict Content-Security-Policy, by host and by nonce", async ({ page, shop }) => {
  const violations: string[] = [];
  page.on("console", line => violations.push(line.text()));
  const connect = `connect-src ${shop.url} ${shop.url.replace("http", "ws")}; require-trusted-types-for 'script'`;
  const policies = {
    host: `default-src 'none'; script-src ${shop.url}; style-src 'none'; img-src 'none'; ${connect}`,
    nonce: `default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; trusted-types 'none'; ${connect}`,
  };
  for (const [name, policy] of Object.entries(policies)) {
    const body = unique(name);
    const headers = { "content-security-policy": policy };
    await page.goto(shop.page(`/csp-${name}`, shop.snippet('nonce="abc"'), headers));
    const { widget, open, write } = widgetOn(page);
    await open();
    await write(body);
    await expect.poll(async () => (await shop.stored(body)).length).toBeGreaterThan(0);
    await expect(widget.locator("header")).toHaveCSS("background-color", "rgb(52, 87, 213)");
  }
  expect(violations).toEqual([]);
});

test("on a phone the panel is the whole screen and keeps the focus", async ({ browser, shop }) => {
  const context = await browser.newContext({ viewport: { width: 380, height: 700 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(shop.page("/phone", `<a href="#">before</a>${shop.snippet()}<a href="#">after</a>`));
  const { widget, field, messages, open } = widgetOn(page);
  await open();
  expect(await widget.getByRole("dialog").boundingBox()).toEqual({ x: 0, y: 0, width: 380, height: 700 });
  await expect(field).toHaveCSS("font-size", "16px");
  // The browser's modal dialog keeps Tab away from the page behind it; it may lead to the browser's own buttons.
  const stops = [widget.getByRole("button", { name: "Close chat" }), messages, field];
  const reached = new Set<number>();
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press("Tab");
    await expect(page.locator("a:focus")).toHaveCount(0);
    for (const [index, stop] of stops.entries()) {
      if (await stop.evaluate(element => element.matches(":focus"))) reached.add(index);
    }
  }
  expect([...reached].sort()).toEqual([0, 1, 2]);
  await context.close();
});

test("on a page from right to left the panel stands above the bubble, and its words run from left to right", async ({
  page,
  shop,
}) => {
  await page.goto(shop.page("/rtl", `<script>document.dir = "rtl"</script>${shop.snippet()}`));
  const { panel, bubble, field, open } = widgetOn(page);
  await open();
  expect((await panel.boundingBox())!.x).toBe((await bubble.boundingBox())!.x);
  expect((await panel.boundingBox())!.width).toBe(380);
  await expect(panel.locator("header")).toHaveCSS("direction", "ltr");
  const send = panel.getByRole("button", { name: "Send" });
  expect((await send.boundingBox())!.x).toBeGreaterThan((await field.boundingBox())!.x);
});

test("loading history neither moves the message that is being read nor takes the focus, while an agent types", async ({
  page,
  shop,
}) => {
  const body = unique("first");
  await page.goto(shop.page("/history", shop.snippet()));
  const { widget, messages, open, write, texts } = widgetOn(page);
  await open();
  await write(body);
  await expect(widget.getByRole("img", { name: "Sent" })).toBeVisible();
  const { conversationId } = (await shop.stored(body))[0]!;
  for (let at = 1; at < 90; at++) await shop.owner.send(conversationId, `answer ${at}`);
  await shop.owner.send(conversationId, "answer 90: https://shop.example/90");
  await page.reload();
  await open();
  await expect(widget.getByText("answer 90")).toBeVisible();

  const mark = widget.getByText("answer 42", { exact: true });
  const top = async () => (await mark.boundingBox())!.y;
  const link = messages.getByRole("link", { name: "https://shop.example/90" });
  const socket = await shop.owner.socket();
  await socket.command("conversation.typing", { websiteId: shop.website.id, conversationId, typing: true });
  await expect(widget.getByText("Anna Berg is typing")).toBeVisible();
  // The header gets a line shorter when an agent is online: the whole list moves.
  await expect(widget.locator("header .online")).toBeVisible();
  await link.focus();
  await mark.scrollIntoViewIfNeeded();
  const before = await top();
  await expect(widget.getByText("answer 10", { exact: true })).toBeAttached();
  await expect(link).toBeFocused();
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  await expect(async () => {
    await messages.evaluate(list => list.scrollTo(0, 0));
    expect(await texts()).toHaveLength(91);
  }).toPass();
  await shop.owner.send(conversationId, "one more");
  await widget.getByRole("button", { name: "New messages" }).click();
  await expect(messages.getByText("one more")).toBeInViewport();
});

test("messages are those of the signed identity, and logging out leaves no trace of it", async ({ page, shop }) => {
  const { identitySecret } = await shop.owner.api<{ identitySecret: string }>(
    "GET",
    `/websites/${shop.website.id}/identity-secret`,
  );
  const [body, sub] = [unique("mine"), randomUUID()];
  const identity = sign({ sub, name: "Zoë Ames", exp: Math.floor(Date.now() / 1000) + 600 }, identitySecret);
  await page.goto(shop.page("/identity", shop.snippet(`data-identity="${identity}"`)));
  const { widget, field, open, write, texts, kept } = widgetOn(page);
  await open();
  await write(body);
  await expect.poll(async () => (await shop.stored(body)).length).toBe(1);
  const { conversations } = await shop.owner.inbox();
  expect(conversations.map(row => row.visitor.name)).toContain("Zoë Ames");
  await field.fill("half a sent");
  await page.evaluate(() => (globalThis as unknown as { ProChat: { logout(): void } }).ProChat.logout());
  await expect(field).toBeHidden();
  expect(await kept()).toBe(0);
  await open();
  await expect(field).toHaveValue("");
  expect(await texts()).toEqual([]);

  await page.goto(shop.page("/forged", shop.snippet(`data-identity="${sign({ sub }, "guess")}"`)));
  await widget.getByRole("button", { name: "Open chat" }).click();
  await expect(widget.getByText("We could not confirm who you are.")).toBeVisible();
  await expect(field).toBeDisabled();
});

test("the widget shows on allowed origins only, and a second snippet adds nothing", async ({ page, shop }) => {
  const warnings: string[] = [];
  page.on("console", line => line.text().startsWith("Pro LiveChat:") && warnings.push(line.text()));
  const elsewhere = shop.page("/twice", shop.snippet() + shop.snippet()).replace("127.0.0.1", "localhost");
  await page.goto(elsewhere);
  await expect.poll(() => warnings).toHaveLength(1);
  expect(warnings[0]).toContain("allowed origins");
  await expect(page.locator("prochat-widget")).toHaveCount(0);

  await page.goto(shop.page("/twice", shop.snippet() + shop.snippet()));
  await expect(widgetOn(page).bubble).toBeVisible();
  await expect(page.locator("prochat-widget")).toHaveCount(1);
});

function sign(claims: object, secret: string): string {
  const parts = [{ alg: "HS256", typ: "JWT" }, claims].map(part =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return [...parts, createHmac("sha256", secret).update(parts.join(".")).digest("base64url")].join(".");
}
