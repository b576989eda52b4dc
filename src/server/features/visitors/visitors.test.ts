import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { eventually } from "#lab/eventually.ts";
import type { Me } from "#protocol/accounts.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { VisitorPage } from "#protocol/messages.ts";
import type { Page, Visitor } from "#protocol/visitors.ts";
import type { WidgetSession } from "#protocol/widget.ts";

let app: App;
let stranger: AgentClient;
let secret: string;

beforeAll(async () => {
  app = await startApp();
  ({ stranger } = await app.scene());
  secret = await secretOf(app.owner, app.website.id);
});
afterAll(() => app.stop());

const secretOf = async (owner: AgentClient, websiteId: number) =>
  (await owner.api<{ identitySecret: string }>("GET", `/websites/${websiteId}/identity-secret`)).identitySecret;

const show = async (conversationId: string): Promise<Visitor> => {
  const path = `/websites/${app.website.id}/conversations/${conversationId}`;
  return (await app.owner.api<ConversationShown>("GET", path)).visitor;
};

const identityOf = (claims: Record<string, unknown>, signedWith = secret) =>
  new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(signedWith));

const loggedIn = async (claims: { sub: string; name?: string; email?: string }) =>
  app.visitor({ identity: await identityOf(claims) });

const startConversation = async (visitor: VisitorClient, body = "Hello") => (await visitor.send(body)).conversation.id;

const countRows = async (condition: string, value: string) => {
  const { rows } = await app.sql.query(`select count(*)::integer as count from visitors where ${condition}`, [value]);
  return rows[0].count as number;
};

test("a visitor who writes is shown with their page, browser and language", async () => {
  const visitor = await app.visitor();
  Object.assign(visitor.headers, { "user-agent": "Browser 1.0", "accept-language": "de-CH,de;q=0.9" });
  expect(await show(await startConversation(visitor))).toMatchObject({
    externalId: null,
    name: null,
    email: null,
    pageUrl: "https://shop.example/bikes",
    userAgent: "Browser 1.0",
    language: "de-CH",
    online: false,
  });
});

test("another page is stored, and reaches the agents of the website who watch the visitor, and no stranger", async () => {
  const visitor = await app.visitor();
  const conversationId = await startConversation(visitor);
  const { id: visitorId, lastSeenAt } = await show(conversationId);
  const [watching, foreign, socket] = [await app.owner.socket(), await stranger.socket(), await visitor.socket()];
  const page = { url: "https://shop.example/checkout", title: "Checkout" };
  await watching.command("visitor.watch", { websiteId: app.website.id, visitorId });
  await expect(foreign.command("visitor.watch", { websiteId: app.website.id, visitorId })).rejects.toMatchObject({
    code: "not_found",
  });
  const theirs = (await stranger.api<Me>("GET", "/me")).websites[0]!.id;
  await foreign.command("visitor.watch", { websiteId: theirs, visitorId });
  await socket.command("page.view", page);
  expect(await watching.event("visitor.presence", data => JSON.stringify(data.page) === JSON.stringify(page))).toEqual({
    websiteId: app.website.id,
    visitorId,
    online: true,
    page,
  });
  const shown = await show(conversationId);
  expect(shown).toMatchObject({ pageUrl: page.url, pageTitle: page.title, online: true });
  expect(Date.parse(shown.lastSeenAt)).toBeGreaterThan(Date.parse(lastSeenAt));
  // The answer to a later command: what was published before it has arrived.
  await foreign.command("agent.availability", { availability: "online" });
  expect(foreign.events.filter(({ event }) => event === "visitor.presence")).toEqual([]);
  for (const each of [watching, foreign, socket]) await each.close();
});

test("of a page's address agents see neither query nor fragment, unless the website keeps them", async () => {
  const visitor = await app.visitor();
  visitor.headers.referer = "https://shop.example/reset?token=secret#ada";
  const conversationId = await startConversation(visitor);
  expect((await show(conversationId)).pageUrl).toBe("https://shop.example/reset");
  const watching = await app.owner.socket();
  const { id: visitorId } = await show(conversationId);
  await watching.command("visitor.watch", { websiteId: app.website.id, visitorId });
  let views = 0;
  // A changed setting reaches a connection that is open some time after the answer: until then the page is opened again.
  const pageOf = (url: string, shown: string) =>
    eventually(async () => {
      const title = `View ${++views}`;
      await socket.command("page.view", { url, title });
      const { page } = await watching.event("visitor.presence", data => (data.page as Page | null)?.title === title);
      expect(page).toEqual({ url: shown, title });
      await eventually(async () => expect((await show(conversationId)).pageUrl).toBe(shown));
    });
  const keep = (keepsPageQuery: boolean) =>
    app.owner.api("PATCH", `/websites/${app.website.id}`, { settings: { keepsPageQuery } });
  const socket = await visitor.socket();
  await pageOf("https://shop.example/cart?name=Ada#paid", "https://shop.example/cart");
  await pageOf("https://shop.example/#/cart", "https://shop.example/");
  await keep(true);
  await pageOf("https://shop.example/bikes?page=2#red", "https://shop.example/bikes?page=2#red");
  await keep(false);
  await pageOf("https://shop.example/bikes?page=3", "https://shop.example/bikes");
  await socket.close();
  await watching.close();
});

test("a visitor who has written nothing has no row, however many pages they open", async () => {
  const { rows: before } = await app.sql.query("select count(*) from visitors");
  const socket = await (await app.visitor()).socket();
  for (const title of ["One", "Two", "Three"]) {
    await socket.command("page.view", { url: "https://shop.example/", title });
  }
  await socket.close();
  const { rows: after } = await app.sql.query("select count(*) from visitors");
  expect(after).toEqual(before);
});

test("a logged-in visitor is one visitor on all their devices, and continues there", async () => {
  const claims = { sub: "customer-1", name: "Ada Lovelace", email: "ada@customer.example" };
  const phone = await loggedIn(claims);
  const conversationId = await startConversation(phone, "From my phone");
  const laptop = await loggedIn(claims);
  expect(laptop.session.conversation).toMatchObject({ id: conversationId });
  expect(await startConversation(laptop, "From my laptop")).toBe(conversationId);
  const page = await phone.api<VisitorPage>("GET", `/widget/conversations/${conversationId}/messages`);
  expect(page.messages.map(({ body }) => body)).toEqual(["From my phone", "From my laptop"]);
  expect(await show(conversationId)).toMatchObject({
    externalId: "customer-1",
    name: claims.name,
    email: claims.email,
  });
  expect(await countRows("external_id = $1", "customer-1")).toBe(1);
});

test("first messages from two devices at the same moment make one visitor and one conversation", async () => {
  const devices = await Promise.all(Array.from({ length: 4 }, () => loggedIn({ sub: "customer-2" })));
  const sockets = await Promise.all(devices.slice(2).map(device => device.socket()));
  const sent = await Promise.all([
    ...devices.slice(0, 2).map(device => startConversation(device)),
    ...sockets.map(async socket => {
      const params = { id: newId(), conversationId: null, body: "Hello" };
      return (await socket.command<{ conversation: { id: string } }>("message.send", params)).conversation.id;
    }),
  ]);
  expect(new Set(sent).size).toBe(1);
  expect(await countRows("external_id = $1", "customer-2")).toBe(1);
  for (const socket of sockets) await socket.close();
});

test("a newer identity changes name and address; one without them keeps what is known", async () => {
  const conversationId = await startConversation(
    await loggedIn({ sub: "customer-3", name: "Ada", email: "a@b.example" }),
  );
  await startConversation(await loggedIn({ sub: "customer-3", name: "Ada King" }));
  expect(await show(conversationId)).toMatchObject({ name: "Ada King", email: "a@b.example" });
  await startConversation(await loggedIn({ sub: "customer-3" }));
  expect(await show(conversationId)).toMatchObject({ name: "Ada King", email: "a@b.example" });
});

test("after logging out, the page has a new visitor, who cannot read the conversation", async () => {
  const visitor = await loggedIn({ sub: "customer-4" });
  const conversationId = await startConversation(visitor, "My order 4711");
  const request = { websiteKey: app.website.publicKey, token: visitor.session.token };
  const session = await visitor.api<WidgetSession>("POST", "/widget/session", request);
  expect(session.conversation).toBeNull();
  const after = await app.visitor();
  after.headers.authorization = `Bearer ${session.token}`;
  const reading = after.api("GET", `/widget/conversations/${conversationId}/messages`);
  await expect(reading).rejects.toMatchObject({ status: 404 });
  expect(await startConversation(after)).not.toBe(conversationId);
});

test("a visitor without an identity is remembered by their token", async () => {
  const visitor = await app.visitor();
  const conversationId = await startConversation(visitor);
  const request = { websiteKey: app.website.publicKey, token: visitor.session.token };
  const session = await visitor.api<WidgetSession>("POST", "/widget/session", request);
  expect(session.conversation).toMatchObject({ id: conversationId });
});

test("an identity counts only if this website has signed it and its time is now; the error gives the true reason", async () => {
  const theirSecret = await secretOf(stranger, stranger.me.websites[0]!.id);
  const now = Math.floor(Date.now() / 1_000);
  const valid = await identityOf({ sub: "1", exp: now + 600 });
  const signedAs = (alg: string) =>
    new SignJWT({ sub: "1" }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret.repeat(2)));
  const refused: [reason: string, identity: string][] = [
    ["it is not signed with this website's identity secret", await identityOf({ sub: "1" }, theirSecret)],
    ["it is not signed with this website's identity secret", `${valid.slice(0, -8)}AAAAAAAA`],
    ["it is signed with HS512; sign it with HS256", await signedAs("HS512")],
    ["it has expired, its claim exp is ", await identityOf({ sub: "1", exp: now - 90 })],
    ["it is not valid yet, its claim nbf is ", await identityOf({ sub: "1", nbf: now + 90 })],
    ["its claim exp counts milliseconds", await identityOf({ sub: "1", exp: Date.now() + 600_000 })],
    ["its claim exp counts milliseconds", await identityOf({ sub: "1", exp: Date.now() - 600_000 })],
    ["its claim nbf counts milliseconds", await identityOf({ sub: "1", nbf: Date.now() - 600_000 })],
    ["its claim exp is not a number", await identityOf({ sub: "1", exp: "soon" })],
    ["its claim sub is not a text of 1 to 200 characters", await identityOf({ sub: "" })],
    ["its claim sub is not a text of 1 to 200 characters", await identityOf({ sub: 7 })],
    ["its claim sub is not a text of 1 to 200 characters", await identityOf({})],
    ["its claim name is not a text of at most 200 characters", await identityOf({ sub: "1", name: "x".repeat(201) })],
    ["its claim email is not a text", await identityOf({ sub: "1", email: ["a"] })],
    ["it is not a JWT", "not a JWT"],
    ["it is not a JWT", "a.b.c"],
    ["it is not a JWT", `${valid}.x`],
  ];
  for (const [reason, identity] of refused) {
    const message = expect.stringContaining(`The identity was refused: ${reason}`);
    const opening = app.visitor({ identity });
    await expect(opening, reason).rejects.toMatchObject({ status: 403, code: "identity_invalid", message });
  }
  // The clocks of two servers differ.
  for (const claims of [{ exp: now - 30 }, { nbf: now + 30 }, { exp: now + 30, nbf: now - 30, iat: now + 30 }]) {
    await app.visitor({ identity: await identityOf({ sub: "1", ...claims }) });
  }
});

test("an identity that has expired since the page was loaded does not shut its visitor out", async () => {
  const now = Math.floor(Date.now() / 1_000);
  const [mine, theirs, anonymous] = [
    await loggedIn({ sub: "expires" }),
    await loggedIn({ sub: "another" }),
    await app.visitor(),
  ];
  const open = (identity: string, token?: string) =>
    mine.api<WidgetSession>("POST", "/widget/session", { websiteKey: app.website.publicKey, identity, token });
  await startConversation(mine);
  const expired = await identityOf({ sub: "expires", exp: now - 600 });
  const again = await open(expired, mine.session.token);
  // The token is not renewed: it ends when it would have ended.
  expect(again.token).toBe(mine.session.token);
  expect(again.conversation).not.toBeNull();
  for (const token of [undefined, "nonsense", theirs.session.token, anonymous.session.token]) {
    await expect(open(expired, token)).rejects.toMatchObject({ code: "identity_invalid" });
  }
  const forged = await identityOf({ sub: "expires", exp: now - 600 }, "a guess");
  await expect(open(forged, mine.session.token)).rejects.toMatchObject({ code: "identity_invalid" });
  const early = await identityOf({ sub: "expires", nbf: now + 600 });
  await expect(open(early, mine.session.token)).rejects.toMatchObject({ code: "identity_invalid" });
});

test("customers of two websites with the same id are two visitors", async () => {
  const theirs = stranger.me.websites[0]!;
  const conversationId = await startConversation(await loggedIn({ sub: "customer-5", name: "Ours" }));
  const identity = await identityOf({ sub: "customer-5", name: "Theirs" }, await secretOf(stranger, theirs.id));
  const other = await app.visitor({ websiteKey: theirs.publicKey, identity });
  expect(other.session.conversation).toBeNull();
  expect(await startConversation(other)).not.toBe(conversationId);
  expect((await show(conversationId)).name).toBe("Ours");
  expect(await countRows("external_id = $1", "customer-5")).toBe(2);
});

test("a page that is too long or has no title is refused, and the stored page stays", async () => {
  const visitor = await app.visitor();
  const conversationId = await startConversation(visitor);
  const socket = await visitor.socket();
  const good = { url: "https://shop.example/bikes", title: "Bikes" };
  await socket.command("page.view", good);
  for (const [field, page] of [
    ["url", { ...good, url: "x".repeat(2_001) }],
    ["title", { ...good, title: "x".repeat(301) }],
    ["title", { url: good.url }],
  ] as const) {
    await expect(socket.command("page.view", page)).rejects.toMatchObject({
      code: "invalid_frame",
      message: expect.stringContaining(field),
    });
  }
  expect(await show(conversationId)).toMatchObject({ pageUrl: good.url, pageTitle: good.title });
  await socket.close();
});

test("only a visitor opens pages: an agent's socket knows no such command", async () => {
  const socket = await app.owner.socket();
  const page = { url: "https://shop.example/", title: "Shop" };
  await expect(socket.command("page.view", page)).rejects.toMatchObject({ code: "invalid_frame" });
  await socket.close();
});

test("a token of one website opens nothing of another one", async () => {
  const conversationId = await startConversation(await app.visitor());
  const other = await app.visitor({ websiteKey: stranger.me.websites[0]!.publicKey });
  await startConversation(other);
  for (const [method, path, body] of [
    ["GET", "messages"],
    ["POST", "read", { seq: 1 }],
  ] as const) {
    const asking = other.api(method, `/widget/conversations/${conversationId}/${path}`, body);
    await expect(asking).rejects.toMatchObject({ status: 404, code: "not_found" });
  }
});
