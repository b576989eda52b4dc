import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { openPoller } from "#lab/actors/polling.ts";
import { openSocket, type TestEvent, type TestSocket } from "#lab/actors/sockets.ts";
import type { AgentChanged, AgentSent, Message, VisitorPage, VisitorSent } from "#protocol/messages.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";

/**
 * Widget and dashboard of protocol 1, without edits and deletions, in a tab that was open before the upgrade: the frames and
 * requests that they sent, and how they used the answers. This file changes only when the server drops a version.
 */

let app: App;
let agent: AgentClient;
beforeAll(async () => {
  app = await startApp();
  agent = await app.agent();
});
afterAll(() => app.stop());

const page = { url: "https://shop.example/bikes", title: "Bikes" };
const hello = (visitor: VisitorClient) => ({
  as: "visitor",
  token: visitor.session.token,
  page,
  language: "en",
  hasWritten: false,
});
const eventsOfThen = [
  "message.created",
  "conversation.changed",
  "conversation.typing",
  "visitor.presence",
  "agent.presence",
  "memberships.changed",
  "heartbeat",
];

/** Appends messages that leave no gap, as the old reducer did; at a gap it would fetch the missing ones. */
function heldBy(events: TestSocket["events"]): Message[] {
  const held: Message[] = [];
  for (const { event, data } of events) {
    const { message, prev } = data as { message: Message; prev: number };
    if (event !== "message.created" || message.seq <= (held.at(-1)?.seq ?? 0)) continue;
    expect(prev).toBeLessThanOrEqual(held.at(-1)?.seq ?? 0);
    held.push(message);
  }
  return held;
}

/** Sends as the old client did: it took an answer for an event. */
async function sendFrom(widget: TestSocket, params: { body: string; conversationId: string | null }) {
  const data = await widget.command<VisitorSent>("message.send", { id: newId(), ...params });
  widget.events.push({ event: "message.created", data });
  return data.message;
}

const path = (conversationId: string) => `/websites/${app.website.id}/conversations/${conversationId}/messages`;

test("a widget that was open before the upgrade still chats while other messages are edited and deleted", async () => {
  const visitor = await app.visitor();
  const widget = await openSocket(app.url, visitor.headers);
  expect(await widget.command<VisitorWelcome>("hello", hello(visitor))).toMatchObject({ conversation: null });
  const { conversationId } = await sendFrom(widget, { body: "Hello?", conversationId: null });
  const { message: wrong } = await agent.send(conversationId, "Our shop is closed");
  const { message: answer } = await agent.send(conversationId, "It opens at nien");
  await widget.event("message.created", ({ message }) => (message as Message).id === answer.id);
  await agent.api<AgentChanged>("PATCH", `${path(conversationId)}/${answer.id}`, { body: "It opens at nine" });
  const { conversation } = await agent.api<AgentChanged>("DELETE", `${path(conversationId)}/${wrong.id}`);

  // It gets an event of the changed conversation, and shows the messages that it holds.
  const changed = await widget.event(
    "conversation.changed",
    data => (data.conversation as { unread: number }).unread === 1,
  );
  expect(changed).toMatchObject({ conversation: { id: conversationId, lastSeq: 3, version: conversation.version } });
  await widget.command("conversation.read", { conversationId, seq: 3 });
  await widget.command("conversation.typing", { conversationId, typing: true });
  await widget.command("page.view", { url: "https://shop.example/cart", title: "Cart" });
  const thanks = await sendFrom(widget, { body: "Thank you", conversationId });
  expect(thanks.seq).toBe(4);
  const last = await agent.send(conversationId, "You are welcome");
  await widget.event("message.created", ({ message }) => (message as Message).id === last.message.id);
  expect(heldBy(widget.events).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(widget.events.map(({ event }) => event).filter(event => !eventsOfThen.includes(event))).toEqual([]);
  expect(widget.errors).toEqual([]);

  // Its requests after a reconnect, and after a reload of the page.
  const missed = await visitor.api<VisitorPage>("GET", `/widget/conversations/${conversationId}/messages?after=3`);
  expect(missed.messages.map(({ seq }) => seq)).toEqual([4, 5]);
  const newest = await visitor.api<VisitorPage>("GET", `/widget/conversations/${conversationId}/messages?`);
  expect(newest.messages.map(({ body }) => body)).toEqual([
    "Hello?",
    "This message was deleted.",
    "It opens at nine",
    "Thank you",
    "You are welcome",
  ]);
  await widget.close();
});

test("a widget that polls and was open before the upgrade still chats too", async () => {
  const visitor = await app.visitor();
  const { message } = await visitor.send("Hello?");
  const { conversationId } = message;
  const frame = { ref: 1, command: "hello", params: { ...hello(visitor), hasWritten: true } };
  const widget = await openPoller(app.url, visitor.headers, frame);
  expect(widget.result).toMatchObject({ conversation: { id: conversationId, lastSeq: 1 } });
  await visitor.api("PATCH", `/widget/conversations/${conversationId}/messages/${message.id}`, { body: "Hello!" });
  const events: TestEvent[] = [];
  while (!events.some(({ event }) => event === "conversation.changed")) events.push(...(await widget.events()));
  expect(events.map(({ event }) => event)).not.toContain("message.changed");
  const params = { id: newId(), body: "Still here", conversationId };
  expect((await widget.command<VisitorSent>("message.send", params)).message.seq).toBe(2);
});

test("a dashboard that was open before the upgrade still answers", async () => {
  const visitor = await app.visitor();
  const { message } = await visitor.send("My card number is 4242");
  const { conversationId } = message;
  const dashboard = await openSocket(app.url, { ...agent.headers, origin: app.url });
  expect(await dashboard.command("hello", { as: "agent", availability: "online" })).toEqual({});
  await visitor.api("DELETE", `/widget/conversations/${conversationId}/messages/${message.id}`);
  // Its list shows no preview of deleted messages.
  expect(await dashboard.event("conversation.changed")).toMatchObject({ conversation: { preview: "", unread: 0 } });
  const target = { websiteId: app.website.id, conversationId };
  const sent = await dashboard.command<AgentSent>("message.send", { ...target, id: newId(), kind: "text", body: "Hi" });
  expect(sent).toMatchObject({ prev: 1, message: { seq: 2 } });
  await dashboard.command("conversation.read", { ...target, seq: 2 });
  expect(dashboard.events.map(({ event }) => event)).not.toContain("message.changed");
  await dashboard.close();
});

test("a page that is too old for the server is asked to reload", async () => {
  const visitor = await app.visitor();
  const outdated = { code: "client_outdated", message: "This page is older than the server. Reload it." };
  const params = { ...hello(visitor), protocol: 0 };
  const socket = await openSocket(app.url, visitor.headers);
  await expect(socket.command("hello", params)).rejects.toEqual(outdated);
  const response = await fetch(`${app.url}/api/v1/poll/open`, {
    method: "POST",
    headers: { ...visitor.headers, "content-type": "application/json" },
    body: JSON.stringify({ ref: 1, command: "hello", params }),
  });
  expect({ status: response.status, body: await response.json() }).toEqual({ status: 426, body: { error: outdated } });
  await socket.close();
});
