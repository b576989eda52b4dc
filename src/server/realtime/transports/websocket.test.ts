import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { openSocket } from "#lab/actors/sockets.ts";
import { eventually } from "#lab/eventually.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import type { VisitorSent } from "#protocol/messages.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

test("malformed frames get an error with a code, and the socket stays", async () => {
  const visitor = await app.visitor();
  const socket = await visitor.socket();
  for (const frame of ["{", "null", "[]", '"x"', '{"command":"message.send"}', "\u0000", "🙃"]) socket.ws.send(frame);
  socket.ws.send(Buffer.from([0xff, 0xfe]));
  await expect(socket.command("no.such.command", {})).rejects.toMatchObject({ code: "invalid_frame" });
  await expect(socket.command("message.send", { id: "7", body: 1 })).rejects.toMatchObject({
    code: "invalid_frame",
    details: expect.arrayContaining([{ path: "params.id", message: expect.any(String) }]),
  });
  const sent = await socket.command<VisitorSent>("message.send", {
    id: newId(),
    conversationId: null,
    body: "Still here",
  });
  expect(sent.message.seq).toBe(1);
  expect(socket.errors.map(({ code }) => code)).toEqual(Array(8).fill("invalid_frame"));
  await socket.close();
});

test("what a connection sends, edits or deletes is answered to it, and reaches the others as an event", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [sending, otherTab, agents] = await Promise.all([visitor.socket(), visitor.socket(), agent.socket()]);
  const id = newId();
  const target = { id, conversationId };
  const sent = await sending.command<VisitorSent>("message.send", { ...target, body: "Once" });
  await sending.command("message.edit", { ...target, body: "Twice" });
  await sending.command("message.delete", target);
  for (const socket of [otherTab, agents]) {
    const kinds = socket === agents ? { conversation: { websiteId: app.website.id } } : { prev: sent.prev };
    expect(await socket.event("message.created", isAbout(id))).toMatchObject({ message: { body: "Once" }, ...kinds });
    for (const changed of [{ body: "Twice" }, { deletedAt: expect.any(String) }]) {
      const is = (data: object) => isAbout(id)(data) && (changed.body ? true : isDeleted(data));
      expect(await socket.event("message.changed", is)).toMatchObject({ message: changed });
    }
  }
  // The next event is behind all that there could be of its own message.
  await agent.send(conversationId, "Go on");
  await sending.event("message.created");
  expect(sending.events.filter(({ data }) => isAbout(id)(data))).toEqual([]);
  for (const socket of [sending, otherTab, agents]) await socket.close();
});

const isAbout = (id: string) => (data: object) => (data as { message?: { id: string } }).message?.id === id;
const isDeleted = (data: object) => (data as { message: { deletedAt: string | null } }).message.deletedAt !== null;

test("a flood is limited, then closed", async () => {
  const socket = await (await app.visitor()).socket();
  const view = () => socket.command("page.view", { url: "https://shop.example/", title: "" });
  const outcomes = await Promise.allSettled(Array.from({ length: 150 }, view));
  const refused = outcomes.flatMap(outcome => (outcome.status === "rejected" ? outcome.reason.code : []));
  // One of the hundred that are allowed was the hello.
  expect(refused).toEqual(Array(51).fill("rate_limited"));
  for (let i = 0; i < 200; i++) view().catch(() => undefined);
  expect(await socket.closed).toMatchObject({ code: 1008 });
});

test("a visitor who sends too many messages is refused with a retry delay, and nothing of it is stored", async () => {
  const visitor = await app.visitor();
  const socket = await visitor.socket();
  const send = () => socket.command("message.send", { id: newId(), conversationId: null, body: "spam" });
  const outcomes = await Promise.allSettled(Array.from({ length: 25 }, send));
  const refused = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  expect(refused.map(({ reason }) => reason.code)).toEqual(Array(5).fill("rate_limited"));
  expect(refused[0]!.reason.details.retryAfterMs).toBeGreaterThan(0);
  await socket.close();
});

test("a frame of more than 64 KB ends the socket", async () => {
  const socket = await (await app.visitor()).socket();
  socket.ws.send(JSON.stringify({ ref: 1, command: "message.send", params: { body: "x".repeat(70_000) } }));
  expect(await socket.closed).toMatchObject({ code: 1009 });
});

test("a visitor's token of another website, a forged one and a wrong origin get no socket", async () => {
  const visitor = await app.visitor();
  const hello = (token: string) => ({
    as: "visitor",
    token,
    page: { url: "https://shop.example/", title: "" },
    language: "en",
  });
  const attempts: [string, string, string][] = [
    [visitor.session.token, "https://evil.example", "origin_not_allowed"],
    [`${visitor.session.token}x`, "https://shop.example", "session_expired"],
    ["", "https://shop.example", "session_expired"],
  ];
  for (const [token, origin, code] of attempts) {
    const socket = await openSocket(app.url, { origin });
    await expect(socket.command("hello", hello(token))).rejects.toMatchObject({ code });
    await socket.close();
  }
});

test("an upgrade at another address is refused", async () => {
  const ws = new WebSocket(`${app.url.replace("http", "ws")}/elsewhere`);
  await expect(new Promise((_, reject) => ws.on("error", reject))).rejects.toThrow("404");
});

test("an address has a max of sockets; other addresses still connect, and a closed socket makes space", async () => {
  const few = await startApp({ env: { SOCKETS_PER_ADDRESS: "3", TRUST_PROXY: "2" } });
  const from = (address: string) => openSocket(few.url, { "x-forwarded-for": `${address}, 10.0.0.1` });
  const sockets = await Promise.all([1, 2, 3].map(() => from("192.0.2.7")));
  await expect(from("192.0.2.7")).rejects.toThrow("429");
  const visitor = await few.visitor();
  const poll = { method: "POST", headers: { ...visitor.headers, "x-forwarded-for": "192.0.2.7" } };
  const refused = await fetch(`${few.url}/api/v1/poll/open`, {
    ...poll,
    headers: { ...poll.headers, "content-type": "application/json" },
    body: JSON.stringify({ ref: 1, command: "hello", params: { as: "agent" } }),
  });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
  expect(await refused.json()).toMatchObject({ error: { code: "rate_limited" } });
  const other = await from("192.0.2.8");
  await sockets.pop()!.close();
  await eventually(async () => void sockets.push(await from("192.0.2.7")));
  await Promise.all([...sockets, other].map(socket => socket.close()));
  await few.stop();
});

test("a thousand sockets from one address connect, and the next one is refused", async () => {
  const app = await startApp({ env: { SOCKETS_PER_VISITOR: "1000" } });
  onTestFinished(() => app.stop());
  const sockets: WebSocket[] = [];
  const { headers, session } = await app.visitor();
  const hello = { as: "visitor", protocol: limits.protocolVersion, token: session.token, language: "en" };
  const page = { url: "https://shop.example/", title: "" };
  const open = () =>
    new Promise<WebSocket>((resolve, reject) => {
      const address = `${app.url.replace("http", "ws")}/api/v1/socket`;
      const ws = new WebSocket(address, { headers, localAddress: "127.0.0.77" });
      // Without hello the first would be closed after 10 s: a busy machine needs longer for all of them.
      ws.once("open", () => ws.send(JSON.stringify({ ref: 1, command: "hello", params: { ...hello, page } })));
      ws.once("message", () => resolve(ws)).once("error", reject);
    });
  for (let i = 0; i < 10; i++) sockets.push(...(await Promise.all(Array.from({ length: 100 }, open))));
  await expect(open()).rejects.toThrow("429");
  const elsewhere = await (await app.visitor()).socket();
  await elsewhere.close();
  for (const ws of sockets) ws.terminate();
});

test("typing, presence and pages reach the agents of the website and the visitor of the conversation only", async () => {
  const { agent, visitor, conversationId, stranger } = await app.scene();
  const bystander = await app.visitor();
  const [agents, strangers, other] = await Promise.all([agent.socket(), stranger.socket(), bystander.socket()]);
  const theirs = await visitor.socket();
  const path = `/websites/${app.website.id}/conversations/${conversationId}`;
  const visitorId = (await agent.api<ConversationShown>("GET", path)).visitor.id;
  await agents.event("visitor.presence", data => data.visitorId === visitorId && data.online === true);
  const watching = await agent.socket();
  await watching.command("visitor.watch", { websiteId: app.website.id, visitorId });
  await theirs.command("page.view", { url: "https://shop.example/cart", title: "Cart" });
  const isCart = (data: Record<string, unknown>) => (data.page as { title: string } | null)?.title === "Cart";
  await watching.event("visitor.presence", isCart);
  expect(agents.events.filter(({ event, data }) => event === "visitor.presence" && isCart(data))).toEqual([]);
  await watching.close();
  expect(await theirs.command("conversation.typing", { conversationId, typing: true })).toBeNull();
  expect(await agents.event("conversation.typing")).toMatchObject({ author: "visitor", conversationId });
  await agents.command("conversation.typing", { websiteId: app.website.id, conversationId, typing: true });
  expect(await theirs.event("conversation.typing")).toMatchObject({ author: "agent", name: agent.account.name });
  await agent.act(conversationId, "resolve");
  expect(await theirs.event("conversation.changed")).toMatchObject({ conversation: { status: "resolved" } });
  const overheard = [...strangers.events, ...other.events].filter(
    ({ event }) => event !== "agent.presence" && event !== "heartbeat",
  );
  expect(overheard).toEqual([]);
  await Promise.all([agents, strangers, other, theirs].map(socket => socket.close()));
});

test("two devices of a logged-in customer are one visitor with one thread; a forged identity is refused", async () => {
  const { identitySecret } = await app.owner.api<{ identitySecret: string }>(
    "GET",
    `/websites/${app.website.id}/identity-secret`,
  );
  const sign = (secret: string, claims: object, expires = "1h") =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(secret));
  const identity = await sign(identitySecret, { sub: "customer-7", name: "Carla", email: "carla@mail.example" });
  const [phone, laptop] = await Promise.all([app.visitor({ identity }), app.visitor({ identity })]);
  const sockets = await Promise.all([phone.socket(), laptop.socket()]);
  const sent = await Promise.all(
    sockets.map(socket =>
      socket.command<VisitorSent>("message.send", { id: newId(), conversationId: null, body: "From a device" }),
    ),
  );
  expect(sent[0]!.conversation.id).toBe(sent[1]!.conversation.id);
  const third = await app.visitor({ identity });
  expect(third.session.conversation?.id).toBe(sent[0]!.conversation.id);
  await app.owner.send(sent[0]!.conversation.id, "Hello Carla");
  for (const socket of sockets)
    await socket.event("message.created", ({ message }) => (message as { body: string }).body === "Hello Carla");
  const { conversations } = await app.owner.inbox();
  expect(conversations[0]).toMatchObject({ visitor: { name: "Carla", email: "carla@mail.example" } });

  for (const forged of [
    await sign("not the secret", { sub: "customer-7" }),
    await sign(identitySecret, { sub: "customer-7" }, "-1m"),
    await sign(identitySecret, { name: "nobody" }),
    "e30.e30.",
  ]) {
    await expect(app.visitor({ identity: forged })).rejects.toMatchObject({ code: "identity_invalid" });
  }
  await Promise.all(sockets.map(socket => socket.close()));
});
