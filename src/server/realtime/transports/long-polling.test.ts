import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { openPoller } from "#lab/actors/polling.ts";
import { eventually } from "#lab/eventually.ts";
import { inParallel } from "#lab/load/parallel.ts";
import type { AgentSent, VisitorSent } from "#protocol/messages.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const page = { url: "https://shop.example/bikes", title: "Bikes" };
const helloOf = ({ session }: VisitorClient) => ({
  ref: 1,
  command: "hello",
  params: { as: "visitor", token: session.token, page, language: "en" },
});
const pollAs = (visitor: VisitorClient) => openPoller(app.url, visitor.headers, helloOf(visitor));
const pollAsAgent = (agent: AgentClient, headers: Record<string, string> = agent.headers) =>
  openPoller(app.url, headers, { ref: 1, command: "hello", params: { as: "agent" } });

/** Heartbeats may come before it. */
async function nextMessage(poller: Awaited<ReturnType<typeof openPoller>>) {
  for (;;) {
    const found = (await poller.events()).find(({ event }) => event === "message.created");
    if (found) return found;
  }
}

test("a visitor and an agent who poll send and get the same as over sockets", async () => {
  const { agent, visitor, conversationId, stranger } = await app.scene();
  const [theirs, ours, outsider] = await Promise.all([pollAs(visitor), pollAsAgent(agent), stranger.socket()]);
  expect(theirs.result).toMatchObject({ conversation: { id: conversationId, lastSeq: 1 } });

  const received = nextMessage(theirs);
  const target = { websiteId: app.website.id, conversationId };
  const sent = await ours.command<AgentSent>("message.send", { ...target, id: newId(), kind: "text", body: "Yes!" });
  expect(await received).toMatchObject({ data: { prev: 1, message: sent.message } });

  const params = { id: newId(), conversationId, body: "Good" };
  const answered = await theirs.command<VisitorSent>("message.send", params);
  const again = await theirs.command<VisitorSent>("message.send", params);
  expect(again.message).toEqual(answered.message);
  expect(await theirs.command("conversation.typing", { conversationId, typing: true })).toBeNull();
  await theirs.command("page.view", { ...page, title: "Cart" });
  const events: string[] = [];
  while (!events.includes("conversation.typing")) events.push(...(await ours.events()).map(({ event }) => event));
  expect(events).toContain("message.created");
  expect(outsider.events.filter(({ event }) => event === "message.created")).toEqual([]);
  await outsider.close();
});

test("events between two requests wait for the second one", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const theirs = await pollAs(visitor);
  for (const body of ["One", "Two"]) await agent.send(conversationId, body);
  // A heartbeat may answer a request too.
  const bodies: unknown[] = [];
  while (bodies.length < 2) {
    const created = (await theirs.events()).filter(({ event }) => event === "message.created");
    bodies.push(...created.map(({ data }) => (data.message as { body: string }).body));
  }
  expect(bodies).toEqual(["One", "Two"]);
});

test("no event of an abandoned request is lost", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const theirs = await pollAs(visitor);
  const giveUp = async () => {
    const given = new AbortController();
    const timer = setTimeout(() => given.abort(), 100);
    return theirs.events(given.signal).then(
      () => clearTimeout(timer),
      error => error,
    );
  };
  // A heartbeat may answer a request before it is given up.
  await eventually(async () => expect(await giveUp()).toMatchObject({ name: "AbortError" }));
  await new Promise(resolve => setTimeout(resolve, 200));
  await agent.send(conversationId, "Still there?");
  expect(await nextMessage(theirs)).toMatchObject({ data: { message: { body: "Still there?" } } });
});

test("a session whose request was abandoned ends if no other follows, and stays if one does", async () => {
  const [leaving, staying] = await Promise.all([pollAs(await app.visitor()), pollAs(await app.visitor())]);
  const given = new AbortController();
  const abandoned = [leaving, staying].map(session => session.events(given.signal));
  setTimeout(() => given.abort(), 100);
  for (const request of abandoned) await expect(request).rejects.toMatchObject({ name: "AbortError" });
  const waiting = new AbortController();
  const next = staying.events(waiting.signal).catch(error => error);
  // Before a heartbeat could have ended it. A command does not count as a request for events.
  const view = () => leaving.command("page.view", page);
  await eventually(() => expect(view()).rejects.toMatchObject({ code: "line_gone" }));
  await staying.command("page.view", page);
  waiting.abort();
  await next;
});

test("a session can be ended at once with its id as the body, of any content type", async () => {
  const theirs = await pollAs(await app.visitor());
  const bye = { method: "POST", headers: { origin: "https://shop.example" }, body: theirs.line };
  expect((await fetch(`${app.url}/api/v1/poll/close`, bye)).status).toBe(204);
  await expect(theirs.events()).rejects.toMatchObject({ code: "line_gone" });
  expect((await fetch(`${app.url}/api/v1/poll/close`, bye)).status).toBe(410);
});

test("hello is refused for the same reasons as over a socket", async () => {
  const { agent, visitor } = await app.scene();
  const open = (headers: Record<string, string>, hello: unknown) => openPoller(app.url, headers, hello);
  const evil = { ...visitor.headers, origin: "https://evil.example" };
  await expect(open(evil, helloOf(visitor))).rejects.toMatchObject({ code: "origin_not_allowed" });
  const forged = { ...helloOf(visitor), params: { ...helloOf(visitor).params, token: "e30.e30.e30" } };
  await expect(open(visitor.headers, forged)).rejects.toMatchObject({ code: "session_expired" });
  await expect(pollAsAgent(agent, { origin: app.url })).rejects.toMatchObject({ code: "not_signed_in" });
  await expect(pollAsAgent(agent, { ...agent.headers, origin: "https://evil.example" })).rejects.toMatchObject({
    code: "origin_not_allowed",
  });
  await expect(open(visitor.headers, { ref: 1, command: "hello", params: {} })).rejects.toMatchObject({
    code: "invalid_frame",
  });
});

test("commands are refused with the codes of the socket; an unknown session has ended", async () => {
  const { visitor, conversationId } = await app.scene();
  const other = await pollAs(await app.visitor());
  const refusals: [string, object, string][] = [
    ["conversation.read", { conversationId, seq: 1 }, "not_found"],
    ["conversation.typing", { conversationId, typing: true }, "not_found"],
    ["message.send", { id: "7" }, "invalid_frame"],
    ["no.such.command", {}, "invalid_frame"],
    ["hello", helloOf(visitor).params, "invalid_frame"],
  ];
  for (const [command, params, code] of refusals) {
    await expect(other.command(command, params)).rejects.toMatchObject({ code });
  }
  const answer = await visitor.call("POST", "/poll/events", { line: "guessed" });
  expect(answer).toMatchObject({ status: 410, body: { error: { code: "line_gone" } } });
});

test("a flood is limited, then ends the session", async () => {
  const poller = await pollAs(await app.visitor());
  const view = () =>
    poller.command("page.view", page).then(
      () => "done",
      error => error.code,
    );
  const codes = new Set<string>();
  // The limit counts 10 s; a busy machine may need longer for these, and sends them again.
  while (!codes.has("line_gone")) for (const code of await inParallel(Array(320).fill(null), 20, view)) codes.add(code);
  expect(codes).toEqual(new Set(["done", "rate_limited", "line_gone"]));
  await expect(poller.events()).rejects.toMatchObject({ code: "line_gone" });
});

test("a client that does not fetch its events is terminated, and the others get theirs", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [lazy, eager] = await Promise.all([pollAs(visitor), visitor.socket()]);
  for (let i = 0; i < 16; i++) await agent.send(conversationId, "x".repeat(10_000));
  await expect(lazy.events()).rejects.toMatchObject({ code: "line_gone" });
  await eager.event("message.created", ({ message }) => (message as { seq: number }).seq === 17);
  await eager.close();
});

test("pages of other websites may poll for visitors, but never with an agent's cookie", async () => {
  const preflight = await fetch(`${app.url}/api/v1/poll/open`, {
    method: "OPTIONS",
    headers: { origin: "https://shop.example", "access-control-request-method": "POST" },
  });
  expect(preflight.headers.get("access-control-allow-origin")).toBe("https://shop.example");
  expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
});
